"""The adherence suite as a whole: its prompts, its reserved words, its report."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from acting import act, arm_up, between, clapping, kicking, squatting, walk, waving

import training
from motion_engine.errors import LimberError
from motion_engine.motion import Motion
from motion_engine.parts import ALIASES, DEFAULT_PARTS, resolve_parts
from training.adherence.bars import bar_results, bars_table
from training.adherence.isolation import isolation_table
from training.adherence.prompts import GROUPS, HALVES, load_prompts, still_texts
from training.adherence.reserved import mentions_reserved, reserved_phrases, reserved_words
from training.adherence.suite import Tally, check_clips, judge, strays, table
from training.evaluate import main, run_adherence
from training.grammar.captions import captions
from training.grammar.compose import compose
from training.grammar.library import hand_made_library
from training.quality import Naturalness, jitter_m_s3, mean_quality, measure, quality_table

PROMPTS = load_prompts()
TRAINING = Path(training.__file__).parent


def by_text(*texts: str):
    return [next(prompt for prompt in PROMPTS if prompt.name == text) for text in texts]


def actor(direction):
    """A model that knows four words."""
    seconds, text = direction.seconds, direction.command.text
    if "walk" in text:
        return walk(seconds)
    if "raises the left arm" in text:
        return act(seconds, arm_up("left", 140.0, between(0.5, seconds - 0.5)))
    if "kicks with the right" in text:
        return act(seconds, kicking("right", [1.0 + 0.2 * direction.command.seed]))
    return act(seconds)


def actors(directions):
    return [actor(direction) for direction in directions]


def said(prompt):
    return " ".join(prompt.texts)


KNOWN = by_text(
    "a person walks forward", "a person raises the left arm", "a person kicks with the right foot"
)
UNKNOWN = by_text("a person jumps up", "she tips her head in agreement")


def test_the_prompts_are_many_and_balanced():
    assert all(sum(prompt.half == half for prompt in PROMPTS) >= 60 for half in HALVES)
    assert {prompt.group for prompt in PROMPTS} == set(GROUPS)
    counts = Counter((prompt.half, prompt.group) for prompt in PROMPTS)
    assert min(counts.values()) >= 5
    assert len(PROMPTS) >= 240
    assert len({prompt.name for prompt in PROMPTS}) == len(PROMPTS)
    assert all(3.0 <= prompt.seconds <= 12.0 for prompt in PROMPTS)


def test_every_part_and_alias_is_commanded_with_the_rest_free_still_and_told():
    parts = [prompt for prompt in PROMPTS if prompt.group == "part" and prompt.half == "seen"]
    commanded = {part for prompt in parts for part in prompt.parts}
    assert commanded == {part.name for part in DEFAULT_PARTS} | set(ALIASES)
    kinds = Counter((prompt.rest_still, bool(prompt.text)) for prompt in parts)
    assert kinds[True, False] >= 10 and kinds[False, False] >= 10 and kinds[False, True] >= 4


@pytest.mark.parametrize("parts", [["left_arm"], ["legs"], ["arms", "head"], ["upper_body"]])
def test_the_rest_is_still_and_nothing_else_is(parts):
    held = resolve_parts(list(still_texts(parts)))
    assert set(held).isdisjoint(resolve_parts(parts))
    assert set(held) | set(resolve_parts(parts)) == {part.name for part in DEFAULT_PARTS}


def test_what_is_asked_of_the_model():
    for prompt in PROMPTS:
        direction = prompt.direction(seed=2)
        assert direction.command.seed == 2 and direction.seconds == prompt.seconds
        assert bool(direction.still) == (
            prompt.rest_still or "still" in prompt.parts.get("legs", "")
        )
        assert len(direction.keys) == len(prompt.keys) and direction.beats == prompt.beats


def test_three_actions_are_three():
    for prompt in PROMPTS:
        if prompt.group == "three actions":
            assert len(prompt.predicate["in_order"]) == 3


def test_every_side_is_asked_for_about_as_often():
    sides = Counter(
        side
        for prompt in PROMPTS
        for side in ("left", "right")
        if f'"{side}"' in json.dumps(prompt.predicate)
    )
    assert 0.7 < sides["left"] / sides["right"] < 1.4


def test_every_unseen_prompt_holds_a_reserved_word_and_no_seen_one_does():
    for prompt in PROMPTS:
        assert mentions_reserved(said(prompt)) == (prompt.half == "unseen"), prompt.name


def test_reserved_words_are_lower_case_and_leave_the_basic_words_alone():
    assert all(word == word.lower() and " " not in word for word in reserved_words())
    assert all(" " in phrase for phrase in reserved_phrases())
    basic = "walk run turn jump kick punch arm leg left right slowly quickly raise wave head step"
    assert reserved_words().isdisjoint(basic.split())


@pytest.mark.parametrize(
    ("caption", "reserved"),
    [
        ("a person saunters along", True),
        ("A Person SAUNTERS, slowly.", True),
        ("an about-face", True),
        ("snail-like steps", True),
        ("two knee bends", True),
        ("the knee bends", True),
        ("the bends of a knee", False),
        ("a person walks forward, then waves", False),
        ("a springboard", False),
    ],
)
def test_mentions_reserved(caption, reserved):
    assert mentions_reserved(caption) == reserved


def test_no_caption_of_a_real_clip_is_reserved():
    entries = json.loads((TRAINING / "real_captions.json").read_text(encoding="utf-8"))
    captions = [caption for entry in entries for caption in entry["captions"]]
    assert captions
    assert [caption for caption in captions if mentions_reserved(caption)] == []


def test_no_caption_of_the_corpus_is_reserved():
    library = hand_made_library()
    said = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        said += captions(compose(rng, library)[1], rng)
    assert len(said) > 100
    assert [caption for caption in said if mentions_reserved(caption)] == []


def test_a_model_that_does_it_passes_and_one_that_stands_does_not():
    verdicts = judge(actors, KNOWN + UNKNOWN, seeds=2)
    assert [verdict.does_it for verdict in verdicts] == [True] * 6 + [False] * 4
    assert [verdict.seed for verdict in verdicts] == [0, 1] * 5
    assert not any(verdict.does_another for verdict in verdicts[2:])
    assert "100% (2/2)" in table(verdicts)


def test_the_report_of_a_run(tmp_path, capsys):
    walk(3.0).save(tmp_path / "real.npz")
    out = {"out_json": tmp_path / "report.json", "out_chart": tmp_path / "chart.png"}
    result = run_adherence(
        "actor", 2, **out, real_folder=tmp_path, prompts=KNOWN + UNKNOWN, generate=actors
    )
    printed = capsys.readouterr().out
    assert "seen" in printed and "foot_slide_cm_s" in printed and "real" in printed
    assert json.loads(out["out_json"].read_text()) == result
    assert out["out_chart"].read_bytes().startswith(b"\x89PNG")
    assert result["all"] == {"passed": 6, "clips": 10, "share": 0.6}
    assert [row["name"] for row in result["bars"]] == ["seen wording", "unseen wording"]
    assert result["halves"]["unseen"] == {"passed": 0, "clips": 2, "share": 0.0}
    assert result["groups"]["leg"]["seen"] == {"passed": 2, "clips": 2, "share": 1.0}
    assert result["prompts"][0]["passed"] == [True, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "chart.png", "real.npz", "report.json",
    ]  # fmt: skip


def test_every_prompt_can_be_judged():
    verdicts = judge(lambda asked: [walk(d.seconds) for d in asked], PROMPTS, seeds=1)
    passed = {verdict.prompt.name for verdict in verdicts if verdict.does_it}
    assert {"a person walks forward", "a man saunters along the path"} <= passed
    assert {"legs: walk forward", "legs: trek onward"} <= passed
    assert not any(verdict.does_it for verdict in verdicts if verdict.prompt.mood)
    assert len(passed) < 24


def test_a_mood_is_judged_against_the_neutral_clip():
    (prompt,) = by_text("a person walks forward tiredly")

    def generate(asked):
        tired = {("spine3", "x"): lambda t: 14.0 + 0.0 * t, ("neck", "x"): lambda t: 16.0 + 0.0 * t}
        return [
            walk(d.seconds, 0.9, tired) if "tired" in d.command.text else walk(d.seconds)
            for d in asked
        ]

    assert judge(generate, [prompt], seeds=1)[0].does_it
    assert not judge(lambda asked: [walk(d.seconds) for d in asked], [prompt], seeds=1)[0].does_it


def test_still_parts_that_stray_are_told():
    (prompt,) = by_text("right arm: wave; the rest still")
    good, bad = act(4.0, waving("right", 0.5, 3.5)), walk(4.0, turns=waving("right", 0.5, 3.5))
    (kept,) = judge(lambda asked: [good], [prompt], seeds=1)
    (strayed,) = judge(lambda asked: [bad], [prompt], seeds=1)
    assert kept.does_it and kept.strayed_m < 0.001
    assert strayed.strayed_m > 0.2
    assert "right_arm" in isolation_table(strays([kept, strayed]))


def test_bars():
    prompts = by_text("a person walks forward", "legs: walk forward")
    results = bar_results((prompt, i == 0) for i, prompt in enumerate(prompts))
    assert [(row["name"], row["share"], row["met"]) for row in results] == [
        ("seen wording", 0.5, False), ("part commands", 0.0, False),
    ]  # fmt: skip
    assert "missed" in bars_table(results)


def test_mistakes_are_told_in_one_line(tmp_path, capsys):
    with pytest.raises(LimberError, match="seeds"):
        run_adherence(seeds=0)
    with pytest.raises(LimberError, match="no such folder"):
        run_adherence(out_json=tmp_path / "missing" / "report.json")
    assert main(["--real", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_check_clips():
    clips = [
        ({"waves": {"side": "left"}}, act(4.0, waving("left", 0.5, 3.5))),
        ({"claps": {"count": 2}}, act(4.0, clapping([1.0, 2.5]))),
        ({"squats": {"count": 1}}, act(4.0, **squatting([2.0]))),
        ({"jumps": {}}, act(4.0)),
    ]
    assert check_clips(clips) == Tally(3, 4)


def test_quality_of_motions_with_known_figures():
    still = measure(act(3.0))
    assert still.foot_slide_cm_s == pytest.approx(0.0, abs=1e-6)
    assert still.jitter_m_s3 == pytest.approx(0.0, abs=1e-6)
    assert still.below_floor_share == 0.0
    assert measure(act(3.0, forward_m=lambda t: 0.1 * t)).foot_slide_cm_s == pytest.approx(10.0)
    assert measure(act(3.0, up_m=lambda t: -0.03 * (t >= 1.5))).below_floor_share == 0.5
    cubic = act(3.0, forward_m=lambda t: 2.0 * t**3)
    assert jitter_m_s3(cubic) == pytest.approx(12.0)
    assert jitter_m_s3(Motion.standing(3)) == 0.0


def test_knees_that_bend_forward_are_out_of_range_and_squats_are_not():
    broken = measure(act(3.0, {("left_knee", "x"): lambda t: -90.0 * (t >= 1.5)}))
    assert broken.outside_range_share == pytest.approx(0.5, abs=0.02)
    assert measure(act(3.0, **squatting([1.5]))).outside_range_share == 0.0
    assert measure(walk(3.0)).outside_range_share == 0.0
    sliding = measure(act(3.0, forward_m=lambda t: 0.1 * t))
    rows = Naturalness.of(sliding, replace(sliding, foot_slide_cm_s=4.0, jitter_m_s3=1.0)).rows()
    assert [row["met"] for row in rows] == [False, True, True]
    assert rows[0]["value"] == pytest.approx(2.5, abs=0.01)


def test_mean_quality_is_weighted_by_duration():
    slow = measure(act(3.0, forward_m=lambda t: 0.1 * t))
    still = measure(act(3.0))
    mean = mean_quality([(slow, 1.0), (still, 3.0)])
    assert mean.foot_slide_cm_s == pytest.approx(2.5)
    assert mean_quality([]) is None
    assert "2.5" in quality_table({"mixed": mean})
    assert np.isfinite(mean.jitter_m_s3)
