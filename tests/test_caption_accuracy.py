"""Captions judged by reading them: right actions, right sides, nothing invented."""

import pytest
from acting import act, walk

from training.caption_accuracy import compare, run_captions
from training.corpus_store import write_shard

WAVE = {"verb": "wave", "side": "left"}
KICK = {"verb": "kick", "side": "right", "direction": "forward"}


@pytest.mark.parametrize(
    ("actions", "text", "named", "invented", "side"),
    [
        ([WAVE], "A person waves with the left hand.", 1, 0, True),
        ([WAVE], "A person waves with the right hand.", 1, 0, False),
        ([WAVE], "Someone waves.", 1, 0, None),
        ([WAVE], "a man bows with the left hand", 0, 1, True),
        ([WAVE, KICK], "he waves with the left hand, then kicks with the right foot", 2, 0, None),
        ([{"verb": "walk_circle", "direction": "left"}], "a person walks in a circle to the left",
         1, 0, True),
        ([{"verb": "walk_turn", "direction": "right"}], "a woman walks", 1, 0, None),
    ],
)  # fmt: skip
def test_what_a_caption_tells(actions, text, named, invented, side):
    told = compare(actions, text)
    assert (told.named, told.invented, told.side) == (named, invented, side)


def test_the_report_of_a_run(tmp_path, capsys):
    texts = ("a person waves with the left hand", "a person kicks with the right foot")
    rows = [{"captions": [text], "actions": [action]} for text, action in zip(texts, (WAVE, KICK))]
    still = {"captions": ["a person stands"], "actions": [{"verb": "stand"}]}
    write_shard(tmp_path, 0, [act(2.0), walk(3.0), act(2.0)], [*rows, still])
    result = run_captions(lambda motion: texts[motion.seconds > 2.5], tmp_path)
    assert result["clips"] == 2
    assert result["right_action"] == result["right_side"] == 1.0
    assert result["right_action_met"] and result["right_side_met"]
    assert result["right_action_by_chance"] == 0.0
    assert result["right_action_in_own_captions"] == 1.0
    always_left = run_captions(lambda motion: texts[0], tmp_path)
    assert always_left["right_action"] == 0.5 and always_left["invented_actions"] == 0.5
    assert "bar 85% missed" in capsys.readouterr().out
