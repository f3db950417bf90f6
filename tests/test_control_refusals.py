"""Control asked for wrongly: one line of error, no file, and no model loaded for nothing."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from swaying import swaying

from motion_engine import cli
from motion_engine.models.model import Model
from motion_engine.motion import Motion

GENERATE = {
    "a key beyond the end": ["--key", "9=clip.npz"],
    "a key of no clip": ["--key", "1=missing.npz"],
    "a key at no time": ["--key", "soon=clip.npz"],
    "a key without a clip": ["--key", "1.0"],
    "a key beyond its clip": ["--key", "1=clip.npz@99"],
    "a key of no part": ["--key", "1=clip.npz:tail"],
    "two keys on a frame": ["--key", "1=clip.npz", "--key", "1.01=clip.npz@0.1"],
    "keys too far apart": ["--key", "0=clip.npz", "--key", "0.1=clip.npz@0.75"],
    "no path": ["--path", "missing.csv"],
    "a path of words": ["--path", "text.txt"],
    "a path too short": ["--path", "short.csv"],
    "a path too fast": ["--path", "fast.csv"],
    "a path and a rooted key": ["--path", "path.csv", "--key", "1=clip.npz"],
    "a pin of nothing": ["--pin", "tail=0:1@0,0,1"],
    "a pin without a place": ["--pin", "left_hand=0:1"],
    "a pin on a plane": ["--pin", "left_hand=0:1@0,1"],
    "a pin after the end": ["--pin", "left_hand=1:9@0,0,1"],
    "pins that contradict": [
        *("--pin", "left_hand=0:1@0.3,-0.3,1"),
        *("--pin", "left_hand=0.5:1.5@0.4,-0.3,1"),
    ],
    "a look at nothing": ["--look-at", "0:1"],
    "a part of no body": ["--part", "tail=wag"],
    "a part that does nothing": ["--part", "left_arm="],
    "a timeline and a text": ["--at", "0=walk"],
    "a rate of no kind": ["--fps", "0"],
    "a loop of keys": ["--loop", "--key", "0=clip.npz"],
    "a mood of no kind": ["--mood", "blue"],
    "a loop of no kind": ["--loop", "round"],
    "three keys, two of them on a frame": [
        *("--key", "1=clip.npz:head"),
        *("--key", "1=clip.npz:left_arm"),
        *("--key", "1.01=clip.npz:head"),
    ],
    "a facing without a path": ["--facing", "free"],
}
"""Of two seconds."""

FREE_LENGTH = {
    "keys beyond what can be made": ["walk", "--key", "0=clip.npz", "--key", "100=clip.npz"],
    "a key alone": ["walk", "--key", "0=clip.npz"],
    "a path of a minute and more": ["walk", "--path", "long.csv"],
    "a path of a moment": ["walk", "--path", "moment.csv"],
    "a loop of a moment": ["walk", "--loop", "--seconds", "0.3"],
    "a loop of a minute": ["walk", "--loop", "--seconds", "60"],
    "an endless loop": ["walk", "--loop"],
    "a timeline from later on": ["--at", "1=walk", "--seconds", "4"],
    "a timeline of no length": ["--at", "0=walk"],
    "a timeline of an hour": ["--at", "0=walk", "--seconds", "3600"],
    "a beat too short": ["--at", "0=walk", "--at", "3.9=jump", "--seconds", "4"],
}

EDIT = {
    "nothing": [],
    "two kinds": ["--mirror", "--speed", "2"],
    "no speed": ["--speed", "0.001"],
    "too much energy": ["--energy", "9"],
    "redo everything": ["--redo", "jump"],
    "a range with nothing to do": ["--mirror", "--range", "0:1"],
    "seconds with nothing to do": ["--mirror", "--seconds", "2"],
    "then nothing": ["--then", "missing.npz"],
    "before and after": ["--before", "walk", "--continue", "walk"],
    "too long a continuation": ["--continue", "walk", "--seconds", "100"],
    "a part of a missing clip": ["--take", "left_arm=missing.npz"],
    "a pin out of reach": ["--pin", "left_hand=0.2:0.5@9,9,1"],
    "a key beyond the end": ["--key", "9=clip.npz"],
    "a loop of a short clip": ["--loop", "--seconds", "3"],
    "variations of what has none": ["--mirror", "--variations", "2"],
    "a speed of zero": ["--speed", "0"],
    "no energy": ["--energy", "0"],
    "a loop of no length": ["--loop", "--seconds", "nan"],
    "an endless loop": ["--loop", "--seconds", "inf"],
    "a loop of less than nothing": ["--loop", "--seconds", "-1"],
    "then a single frame": ["--then", "frame.npz"],
    "seconds without what fills them": ["--then", "clip.npz", "--seconds", "2"],
}

EDIT_OTHERS = {
    "no clip": ["missing.npz", "--mirror"],
    "a loop of one frame": ["frame.npz", "--loop"],
    "a part of one frame": ["frame.npz", "--part", "left_arm=wave"],
    "a part for more than a minute": ["minute.npz", "--part", "left_arm=wave"],
}

WRONG = {
    **{f"generate: {k}": ["generate", "walk", "--seconds", "2", *v] for k, v in GENERATE.items()},
    **{f"generate: {k}": ["generate", *v] for k, v in FREE_LENGTH.items()},
    **{f"edit: {k}": ["edit", "clip.npz", *v] for k, v in EDIT.items()},
    **{f"edit: {k}": ["edit", *v] for k, v in EDIT_OTHERS.items()},
}


def limber(*arguments: str) -> int:
    try:
        return cli.main(list(arguments))
    except SystemExit as stop:
        return int(stop.code or 0)


@pytest.fixture(scope="module")
def material(tmp_path_factory) -> Path:
    """Clips of 0.8 s, one frame and 70 s, and paths."""
    made = tmp_path_factory.mktemp("material")
    clip = swaying(24)
    travelled = clip.root_positions + np.linspace(0, 1, 24)[:, None] * [0.0, -1.0, 0.0]
    Motion(travelled, clip.local_rotations, clip.contacts).save(made / "clip.npz")
    clip.cut(0, 1).save(made / "frame.npz")
    Motion.standing(2100).save(made / "minute.npz")
    (made / "text.txt").write_text("no motion here\n")
    ends = {"short": "1,0.1,0", "fast": "1,50,0", "path": "1.5,1,0", "long": "70,30,0",
            "moment": "0.1,0.5,0"}  # fmt: skip
    for name, end in ends.items():
        (made / f"{name}.csv").write_text(f"t,x,y\n0,0,0\n{end}\n")
    return made


@pytest.fixture
def folder(material, tmp_path, monkeypatch) -> Path:
    """The folder that the command runs in."""
    shutil.copytree(material, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_one_line_no_file_and_no_model(arguments, folder, monkeypatch, capsys):
    monkeypatch.setattr(Model, "load", lambda *_: pytest.fail("the model was loaded first"))
    before = sorted(os.listdir())
    assert limber(*arguments, "--out", "x.npz") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("limber: ") and err.count("\n") == 1 and err.endswith("\n"), err
    assert sorted(os.listdir()) == before


def test_a_speed_of_zero_is_a_speed(folder, capsys):
    assert limber("edit", "clip.npz", "--speed", "0", "--out", "x.npz") == 2
    assert "the speed is 0" in capsys.readouterr().err


def test_a_clip_may_have_an_at_in_its_name(folder, capsys):
    Path("clip.npz").rename("clip@noon.npz")
    assert limber("edit", "frame.npz", "--key", "0=clip@noon.npz", "--out", "x.npz") == 0
    assert limber("edit", "frame.npz", "--key", "0=clip@noon.npz@0.5", "--out", "y.npz") == 0
    assert not np.array_equal(*(Motion.load(f"{n}.npz").local_rotations for n in "xy"))


@pytest.mark.parametrize("fps", [30.0, 60.0])
@pytest.mark.parametrize("what", [["walk"], ["--at", "0=walk"]])
def test_a_key_at_the_very_end_of_any_rate(what, fps, folder, capsys):
    """Half a frame of the engine's behind its last one, where the rate is 60."""
    last = 2.0 - 1.0 / fps
    assert limber("generate", *what, "--seconds", "2", "--fps", str(fps), "--model", "debug",
                  "--key", f"{last}=clip.npz", "--out", "x.npz") == 0  # fmt: skip
    made, key = Motion.load("x.npz"), Motion.load("clip.npz")
    np.testing.assert_allclose(made.root_positions[-1], key.root_positions[0], atol=1e-9)


def test_keys_of_other_parts_do_not_take_each_others_place(folder, capsys):
    """A place and an arm, asked for at one and the same time."""
    keys = ["--key", "1=clip.npz@0.5:root", "--key", "1=clip.npz:left_arm"]
    common = ["generate", "walk", "--seconds", "2", "--model", "debug"]
    assert limber(*common, *keys, "--out", "x.npz") == 0
    assert limber(*common, *keys[:2], "--out", "y.npz") == 0
    both, one = (Motion.load(f"{name}.npz") for name in "xy")
    np.testing.assert_allclose(both.root_positions, one.root_positions, atol=1e-9)


@pytest.mark.slow
def test_a_minute_at_sixty_frames_a_second(folder, capsys):
    assert limber("generate", "walk", "--seconds", "60", "--fps", "60", "--model", "debug",
                  "--look-at", "1:2@0,-9,1.5", "--guidance", "1", "--out", "x.npz") == 0  # fmt: skip
    assert Motion.load("x.npz").frames == 3600
