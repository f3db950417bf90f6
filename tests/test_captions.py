"""Captions: true to their script, varied, grammatical, and without reserved words."""

import re

import numpy as np
import pytest

from training.adherence.reserved import mentions_reserved
from training.grammar.captions import captions
from training.grammar.dance import STYLES
from training.grammar.moods import MOODS
from training.grammar.part_captions import part_captions
from training.grammar.phrases import WORDING
from training.grammar.timeline import ActionDescription, Person, Placement, Script
from training.grammar.upper_body import UPPER_BODY_FAMILIES
from training.grammar.wording import inflect, participle, third_person
from training.grammar.wording_moods import ADJECTIVES, MANNERS

LEGS = ("base", "left_leg", "right_leg")
CLIPS = 800
MANNERS_OF_WALKING = ("tiptoe", "sneak", "march_forward", "jog", "skip")


def lower_action(rng: np.random.Generator) -> ActionDescription:
    """Any description that the lower body's actions can have."""
    side = str(rng.choice(["left", "right"]))
    speed = str(rng.choice(["slow", "normal", "fast"]))
    count = int(rng.integers(1, 5))
    size = str(rng.choice(["small", "normal", "large"]))
    angle = float(rng.choice([45, 90, 135, 180, 270, 360, 73]))
    fields = {
        "walk": {"direction": str(rng.choice(["forward", "backward"])), "speed": speed},
        "run": {"direction": "forward", "speed": speed},
        "walk_curve": {"direction": side, "angle_degrees": 90.0, "speed": speed},
        "walk_circle": {"direction": side, "angle_degrees": 360.0, "speed": speed},
        "side_step": {"direction": side, "side": side, "count": count, "speed": speed},
        "turn": {"direction": side, "side": side, "angle_degrees": angle, "speed": speed},
        "step": {"direction": "forward", "side": side, "count": count, "speed": speed},
        "jump": {"direction": "up", "count": count, "amplitude": size},
        "hop": {"direction": "up", "side": side, "count": count},
        "squat": {"count": count, "amplitude": size, "speed": speed},
        "crouch": {"amplitude": size, "speed": speed},
        "sit_down": {"speed": speed},
        "stand_up": {"speed": speed},
        "kick": {"side": side, "count": count, "direction": "forward", "height": "high"},
        "knee_lift": {"side": side, "count": count, "direction": "up"},
        "march": {"amplitude": size, "side": "alternating", "speed": speed},
        "stand": {},
        "stomp": {"side": side, "count": count},
        "sit": {},
        "limp": {"direction": "forward", "side": side, "speed": speed},
        "walk_turn": {"direction": side, "side": side, "angle_degrees": angle, "speed": speed},
        "lunge": {"side": side, "count": count, "direction": "forward"},
        "jumping_jack": {"count": count, "speed": speed},
        "kneel": {"side": side, "speed": speed},
        "balance": {"side": side},
        "pick_up": {"side": side, "speed": speed},
        "dance": {"target": str(rng.choice(STYLES))},
        **{verb: {"direction": "forward", "speed": speed} for verb in MANNERS_OF_WALKING},
        "climb": {
            "direction": "forward",
            "speed": speed,
            "target": str(rng.choice(["up", "down"])),
        },
        "walk_eight": {"direction": side},
        "run_eight": {"direction": side},
        **{verb: {"speed": speed} for verb in ("lie_down", "get_up", "sit_on_floor")},
        "lie": {},
        "push_up": {"count": count, "speed": speed},
    }
    verb = str(rng.choice(list(fields)))
    return ActionDescription(verb, LEGS, **fields[verb])


def upper_action(rng: np.random.Generator) -> ActionDescription:
    family = UPPER_BODY_FAMILIES[int(rng.integers(len(UPPER_BODY_FAMILIES)))]
    return family.sample(rng, Person()).description


def script_of(*beats: tuple[ActionDescription, ...]) -> Script:
    placed = tuple(tuple(Placement(d, 0, 60) for d in beat) for beat in beats)
    return Script(placed, 60 * len(beats))


def random_script(rng: np.random.Generator) -> Script:
    low, high = lower_action(rng), upper_action(rng)
    return (
        script_of((low,)), script_of((high,)), script_of((low, high)), script_of((low,), (high,)),
        script_of((high,), (lower_action(rng), upper_action(rng)), (low,)),
    )[int(rng.integers(5))]  # fmt: skip


@pytest.fixture(scope="module")
def sampled() -> list[tuple[Script, tuple[str, ...], tuple[str, ...]]]:
    clips = []
    for seed in range(CLIPS):
        rng = np.random.default_rng(seed)
        script = random_script(rng)
        clips.append((script, captions(script, rng), part_captions(script, rng)))
    return clips


def all_captions_of(description: ActionDescription, clips: int = 60) -> list[str]:
    found: list[str] = []
    for seed in range(clips):
        found += captions(script_of((description,)), np.random.default_rng(seed))
    return [text.lower() for text in found]


def test_no_caption_mentions_a_reserved_word(sampled):
    for _, texts, parts in sampled:
        assert not any(mentions_reserved(text) for text in (*texts, *parts))


def test_every_clip_has_several_different_captions(sampled):
    counts = [len(set(texts)) for _, texts, _ in sampled]
    assert min(counts) >= 3
    everything = [text for _, texts, _ in sampled for text in texts]
    assert len(set(everything)) > 0.9 * len(everything)


def test_the_vocabulary_is_wide(sampled):
    words = {w for _, texts, _ in sampled for t in texts for w in re.findall(r"[a-z-]+", t.lower())}
    assert len(words) > 600


def test_no_markup_is_left_and_spaces_are_tidy(sampled):
    for _, texts, parts in sampled:
        for text in (*texts, *parts):
            assert not re.search(r"[\[\]{}()|_]|  |\s[,.]|,,|^\s|\s$", text), text
            assert "none" not in text.lower().split(), text


def test_the_same_seed_tells_the_same(sampled):
    _, texts, _ = sampled[0]
    rng = np.random.default_rng(0)
    assert captions(random_script(rng), rng) == texts


@pytest.mark.parametrize("side, other", [("left", "right"), ("right", "left")])
@pytest.mark.parametrize("verb", ["kick", "hop", "knee_lift", "wave", "raise", "punch", "throw"])
def test_the_side_is_true_wherever_it_is_said(verb, side, other):
    direction = {"raise": "up", "wave": None}.get(verb, "forward")
    description = ActionDescription(verb, LEGS, side=side, direction=direction, count=1)
    if verb in ("raise", "throw"):
        description = ActionDescription(verb, LEGS, side=side, direction=direction)
    texts = all_captions_of(description)
    both_ways = re.compile(r"left and right|side to side")
    assert not any(re.search(rf"\b{other}\b", both_ways.sub("", text)) for text in texts)
    assert np.mean([side in text for text in texts]) > 0.6


@pytest.mark.parametrize(
    "verb",
    ["kick", "punch", "jump", "squat", "knee_lift", "step", "stomp", "lunge", "pull", "swing"],
)
def test_counts_that_must_be_told_are_told(verb):
    description = ActionDescription(verb, LEGS, side="left", count=3, direction="forward")
    for text in all_captions_of(description):
        assert re.search(r"\b(three|3|3x|x3|thrice|a few)\b", text), text
        text = re.sub(r"once done|two-", "", text)
        assert not re.search(r"\b(once|twice|two|couple|four|2|4)\b", text), text


@pytest.mark.parametrize("count, words", [(1, "1|one|once|a|single"), (4, "4|four")])
@pytest.mark.parametrize("verb", ["push_up", "count_fingers"])
def test_a_number_that_is_told_is_the_right_one(verb, count, words):
    description = ActionDescription(verb, LEGS, side="left", count=count)
    texts = all_captions_of(description)
    wrong = r"\b(twice|two|three|five|2|3|5)\b"
    assert not any(re.search(wrong, text) for text in texts)
    assert np.mean([re.search(rf"\b({words})\b", text) is not None for text in texts]) > 0.5


def test_running_and_jogging_are_told_apart():
    for verb, other in (("jog", r"\b(run|runs|running)\b"), ("run", r"\bjog")):
        description = ActionDescription(verb, LEGS, direction="forward", speed="normal")
        assert not any(re.search(other, text) for text in all_captions_of(description))


def test_angles_are_told_in_degrees_or_parts_of_a_turn():
    texts = all_captions_of(
        ActionDescription("turn", LEGS, side="left", direction="left", angle_degrees=180.0), 100
    )
    for words in ("180 degrees", "half turn", "turns around", "the other way"):
        assert any(words in text for text in texts)
    assert not [text for text in texts if re.search(r"right|quarter|90|\bclockwise", text)]


def test_directions_are_never_swapped():
    for direction, opposite in (("forward", "back"), ("backward", "forward")):
        for text in all_captions_of(ActionDescription("walk", LEGS, direction=direction)):
            assert opposite not in text


def test_speed_is_never_contradicted():
    for speed, wrong in (
        ("slow", r"quick|fast|\bhurriedly|in a hurry|brisk|rapid"),
        ("fast", "slow|gently|leisure"),
    ):
        texts = all_captions_of(ActionDescription("walk", LEGS, direction="forward", speed=speed))
        assert not any(re.search(wrong, text) for text in texts)


def test_sequences_keep_their_order():
    walk = ActionDescription("walk", LEGS, direction="forward")
    clap = ActionDescription("clap", ("left_arm", "right_arm"), count=3)
    for seed in range(80):
        for text in captions(script_of((walk,), (clap,)), np.random.default_rng(seed)):
            text = text.lower()
            clapping = re.search(r"clap|palm|together|applau|hands", text).start()
            is_turned = re.search(r"\b(before|after|once|as soon as|but first|until)\b", text)
            assert clapping > 4 or is_turned, text


def test_together_is_told_as_one_time():
    walk = ActionDescription("walk", LEGS, direction="forward")
    nod = ActionDescription("nod", ("head",), count=2)
    link = re.compile(
        r"whil|, |without| [a-z]+ing |same time|simultaneously|meanwhile| and | as | with | [+&] |; |\. "
    )
    for seed in range(60):
        for text in captions(script_of((walk, nod)), np.random.default_rng(seed)):
            assert link.search(text) and " then " not in text, text


def test_part_captions_name_their_parts():
    walk = ActionDescription("walk", LEGS, direction="forward")
    wave = ActionDescription("wave", ("left_arm", "left_hand"), side="left", count=2)
    for script in (script_of((walk, wave)), script_of((walk,), (wave,))):
        legs, arm = part_captions(script, np.random.default_rng(0))
        assert re.fullmatch(r"legs: .+", legs) and re.fullmatch(r"left arm: .+", arm)


def test_a_pause_is_told_only_where_there_is_one():
    walk = ActionDescription("walk", LEGS, direction="forward")
    jump = ActionDescription("jump", LEGS, direction="up", count=1)
    for gap, told in ((0, False), (45, True)):
        script = Script(((Placement(walk, 0, 60),), (Placement(jump, 60 + gap, 120 + gap),)), 200)
        texts = [t for seed in range(60) for t in captions(script, np.random.default_rng(seed))]
        assert any("pause" in text for text in texts) is told


def test_every_family_has_words():
    assert {family.name for family in UPPER_BODY_FAMILIES} <= set(WORDING)


@pytest.mark.parametrize(
    "verb, finite, continuous",
    [
        ("wave", "waves", "waving"), ("step", "steps", "stepping"), ("go", "goes", "going"),
        ("carry", "carries", "carrying"), ("sway", "sways", "swaying"), ("tie", "ties", "tying"),
        ("punch", "punches", "punching"), ("see", "sees", "seeing"), ("hop", "hops", "hopping"),
        ("side-step", "side-steps", "side-stepping"), ("have", "has", "having"),
    ],
)  # fmt: skip
def test_verbs_are_inflected(verb, finite, continuous):
    assert third_person(verb) == finite
    assert participle(verb) == continuous
    assert inflect(f"[{verb} up] now", "participle") == f"{continuous} up now"


def test_part_commands_leave_the_limb_to_the_name_of_the_part():
    raised = ActionDescription("raise", ("left_arm", "left_hand"), side="left", direction="up")
    texts = [
        text
        for seed in range(60)
        for text in part_captions(script_of((raised,)), np.random.default_rng(seed))
    ]
    arm = [text for text in texts if text.startswith("left arm: ")]
    assert len(arm) == 60
    assert np.mean([re.search(r"arm|hand", text[10:]) is None for text in arm]) > 0.4
    assert not any("{" in text or re.search(r"\bright\b", text) for text in texts)
    assert any(text.startswith("legs: stand") for text in texts)


@pytest.mark.parametrize("mood", list(MOODS))
def test_moods_are_told(mood):
    walk = Placement(ActionDescription("walk", LEGS, direction="forward"), 0, 60)
    words = re.compile("|".join((*ADJECTIVES[mood], *MANNERS[mood])))
    texts = [
        text.lower()
        for seed in range(30)
        for text in captions(Script(((walk,),), 60, mood), np.random.default_rng(seed))
    ]
    assert np.mean([words.search(text) is not None for text in texts]) > 0.75
    assert not any(re.search(r"\ba [aeiou]", text) for text in texts)
