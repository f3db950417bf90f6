"""The command line's contract: exit statuses, one line of error, no file left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from swaying import swaying

from motion_engine import cli
from motion_engine.edit.root_path import RootPath
from motion_engine.motion import Motion
from motion_engine.rotations import about, angle, conjugate, multiply
from motion_engine.skeleton import SMPLX
from motion_engine.version import VERSION

CHECKOUT = Path(__file__).resolve().parent.parent


def limber(*arguments: object) -> int:
    """Exit status of the command, whichever way it ends."""
    try:
        return cli.main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)


def swinging_arm(frames: int = 24) -> Motion:
    """A T-pose whose left arm swings and whose root walks along -Y."""
    still = Motion.standing(frames)
    rotations = still.local_rotations.copy()
    shoulder = still.skeleton.index("left_shoulder")
    angles = 0.8 * np.sin(np.linspace(0.0, 2 * np.pi, frames))
    rotations[:, shoulder] = multiply(
        rotations[:, shoulder], about(np.array([0.0, 0.0, 1.0]), angles)
    )
    positions = still.root_positions + np.linspace(0, 1, frames)[:, None] * [0.0, -1.0, 0.0]
    return Motion(positions, rotations, still.contacts, still.fps)


@pytest.fixture
def clip(tmp_path) -> Path:
    swinging_arm().save(tmp_path / "clip.npz")
    return tmp_path / "clip.npz"


def test_version_and_help(capsys):
    assert limber("--version") == 0
    assert capsys.readouterr().out == f"limber {VERSION}\n"
    for verb in ("generate", "edit", "convert", "reconstruct", "evaluate", "doctor"):
        assert limber(verb, "--help") == 0
        assert verb in capsys.readouterr().out


BAD_INPUT = {
    "no verb": [],
    "unknown verb": ["dance"],
    "unknown option": ["generate", "walk", "--out", "x.npz", "--speed", "3"],
    "shortened option": ["generate", "walk", "--out", "x.npz", "--sec", "3"],
    "no output": ["generate", "walk"],
    "no text": ["generate", "--out", "x.npz"],
    "empty text": ["generate", "  ", "--out", "x.npz"],
    "text without words": ["generate", "?!", "--out", "x.npz"],
    "text of 65 words": ["generate", "walk " * 65, "--out", "x.npz"],
    "seconds of no number": ["generate", "walk", "--out", "x.npz", "--seconds", "long"],
    "no seconds": ["generate", "walk", "--out", "x.npz", "--seconds", "0"],
    "seconds not a number": ["generate", "walk", "--out", "x.npz", "--seconds", "nan"],
    "negative seconds": ["generate", "walk", "--out", "x.npz", "--seconds", "-3"],
    "an hour": ["generate", "walk", "--out", "x.npz", "--seconds", "3600"],
    "no variations": ["generate", "walk", "--out", "x.npz", "--variations", "0"],
    "too many variations": ["generate", "walk", "--out", "x.npz", "--variations", "1000"],
    "variations of no kind": ["generate", "walk", "--out", "x.mov", "--variations", "2"],
    "negative seed": ["generate", "walk", "--out", "x.npz", "--seed", "-1"],
    "unknown suffix": ["generate", "walk", "--out", "x.mov"],
    "no suffix": ["generate", "walk", "--out", "x"],
    "no such folder": ["generate", "walk", "--out", "nowhere/x.npz"],
    "one bad output": ["generate", "walk", "--out", "x.npz", "--out", "x.mov"],
    "unknown model": ["generate", "walk", "--out", "x.npz", "--model", "nowhere"],
    "unknown device": ["generate", "walk", "--out", "x.npz", "--device", "toaster"],
    "unknown precision": ["generate", "walk", "--out", "x.npz", "--precision", "fp7"],
    "guidance out of range": ["generate", "walk", "--out", "x.npz", "--guidance", "1000"],
    "no source": ["convert", "missing.bvh", "--out", "x.npz"],
    "source is no motion": ["convert", "text.bvh", "--out", "x.npz"],
    "source of unknown kind": ["convert", "text.txt", "--out", "x.npz"],
    "convert to an unknown kind": ["convert", "clip.npz", "--out", "x.doc"],
    "bad rate": ["convert", "clip.npz", "--out", "x.npz", "--fps", "0"],
    "nothing to reconstruct": ["reconstruct", "missing.npz", "--out", "x.npz"],
    "evaluate what": ["evaluate"],
    "no seeds": ["evaluate", "--adherence", "--seeds", "0"],
    "a report as text": ["evaluate", "--adherence", "--out", "report.txt"],
}


@pytest.mark.parametrize("arguments", BAD_INPUT.values(), ids=BAD_INPUT.keys())
def test_bad_input_is_one_line_and_leaves_nothing(arguments, clip, monkeypatch, capsys):
    monkeypatch.chdir(clip.parent)
    for name in ("text.bvh", "text.txt"):
        Path(name).write_text("no motion here\n")
    before = sorted(os.listdir())
    assert limber(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("limber: ") and err.count("\n") == 1 and err.endswith("\n"), err
    assert sorted(os.listdir()) == before


def test_an_existing_output_survives_bad_input(clip, capsys):
    before = clip.read_bytes()
    assert limber("generate", "walk", "--seconds", "-1", "--out", clip) == 2
    assert clip.read_bytes() == before


@pytest.mark.parametrize("suffix", [".npz", ".bvh"])
def test_convert_keeps_the_motion(clip, suffix, tmp_path, capsys):
    first, second = tmp_path / f"first{suffix}", tmp_path / "second.npz"
    assert limber("convert", clip, "--out", first) == 0
    assert limber("convert", first, "--out", second) == 0
    assert f"{first}: 24 frames, 0.8 s" in capsys.readouterr().out
    expected, found = Motion.load(clip), Motion.load(second)
    assert found.frames == expected.frames and found.fps == expected.fps
    np.testing.assert_allclose(found.joint_positions(), expected.joint_positions(), atol=2e-3)


def test_outputs_may_be_several(clip, tmp_path, capsys):
    outputs = [tmp_path / "a.npz", tmp_path / "b.bvh"]
    assert limber("convert", clip, "--out", outputs[0], "--out", outputs[1]) == 0
    assert all(path.is_file() for path in outputs)


def test_a_failed_output_takes_the_others_along(clip, tmp_path, monkeypatch, capsys):
    from motion_engine import output

    write = output.write_motion

    def full_disk(motion, path, title=""):
        if Path(path).suffix == ".bvh":
            raise OSError(28, "No space left on device", str(path))
        write(motion, path, title=title)

    monkeypatch.setattr(output, "write_motion", full_disk)
    paths = tmp_path / "a.npz", tmp_path / "b.bvh"
    assert limber("convert", clip, "--out", paths[0], "--out", paths[1]) == 2
    assert capsys.readouterr().err == f"limber: {paths[1]}: No space left on device\n"
    assert not any(path.exists() for path in paths)


def test_interruption_is_130_and_leaves_nothing(clip, tmp_path, monkeypatch, capsys):
    from motion_engine.formats import importer

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(importer, "import_motion", interrupted)
    assert limber("convert", clip, "--out", tmp_path / "x.npz") == 130
    assert capsys.readouterr().err == "limber: stopped\n"
    assert os.listdir(tmp_path) == ["clip.npz"]


def test_bad_input_is_found_before_torch_is_loaded(tmp_path):
    code = (
        "import sys; from motion_engine.cli import main\n"
        f"status = main(['generate', 'walk', '--seconds', '0', '--out', {str(tmp_path / 'x.npz')!r}])"
        "\nprint(status, 'torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    assert result.stdout == "2 False\n"


def test_the_module_is_the_command():
    result = subprocess.run(
        [sys.executable, "-m", "motion_engine", "--version"],
        cwd=CHECKOUT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert result.stdout == f"limber {VERSION}\n"


def test_doctor_names_what_is_there_and_what_is_not(monkeypatch, capsys):
    from motion_engine import doctor

    status = limber("doctor")
    out = capsys.readouterr().out
    assert f"limber        {VERSION}" in out and f"numpy         {np.__version__}" in out
    assert (status == 2) == ("MISSING" in out) and "BLAS: " in out

    monkeypatch.setattr(doctor.metadata, "version", lambda name: _absent(name))
    monkeypatch.setattr(doctor.util, "find_spec", lambda name: None)
    for name in ("torch", "bpy"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert limber("doctor") == 0
    out = capsys.readouterr().out
    assert "-       torch" in out and "pip install 'limber[torch]'" in out
    assert "pip install 'limber[blender]'" in out


def _absent(name: str) -> str:
    from importlib.metadata import PackageNotFoundError

    raise PackageNotFoundError(name)


class TestControl:
    """Everything that may be asked besides a text, through the real doors."""

    @pytest.fixture
    def made(self, clip, tmp_path, monkeypatch, capsys):
        """`made(arguments) -> Motion`: what `limber generate` writes with the debug model."""
        monkeypatch.chdir(tmp_path)
        swaying(90).save("b.npz")
        (tmp_path / "path.csv").write_text("t,x,y\n0,0,0\n1.5,0,-1\n3,1,-2\n")

        def generate(*arguments):
            given = ("--model", "debug", "--out", "made.npz")
            assert limber(*arguments, *given) == 0, capsys.readouterr().err
            return Motion.load("made.npz")

        return generate

    def test_keys_are_passed_exactly_at_the_written_rate(self, made):
        motion = made("generate", "walk", "--seconds", 3, "--key", "0=clip.npz",
                      "--key", "2.5=b.npz@1.2", "--fps", 24)  # fmt: skip
        clip, other = Motion.load("clip.npz"), Motion.load("b.npz")
        assert motion.frames == 72 and motion.fps == 24
        for frame, key in ((0, clip.cut(0, 1)), (60, other.cut(36, 37))):
            np.testing.assert_allclose(
                motion.root_positions[frame], key.root_positions[0], atol=1e-9
            )
            apart = multiply(conjugate(motion.local_rotations[frame]), key.local_rotations[0])
            assert angle(apart).max() < 1e-6

    def test_a_key_of_an_arm_only(self, made):
        motion = made("generate", "walk", "--seconds", 2, "--key", "1=b.npz@2:left_arm")
        elbow = motion.skeleton.index("left_elbow")
        wanted = Motion.load("b.npz").local_rotations[60, elbow]
        apart = multiply(conjugate(motion.local_rotations[30, elbow]), wanted)
        assert angle(apart) < 1e-6

    def test_a_path_is_followed(self, made):
        motion = made("generate", "a person walks", "--path", "path.csv")
        wanted = RootPath.read(Path("path.csv")).at(np.arange(motion.frames) / 30.0)
        assert motion.frames == 91
        assert np.linalg.norm(motion.root_positions[:, :2] - wanted, axis=-1).max() < 0.05

    def test_held_parts_keep_still(self, made):
        motion = made("generate", "--part", "left_arm=wave", "--part", "legs=stand still",
                      "--seconds", 3)  # fmt: skip
        joints = [motion.skeleton.index(f"{s}_{j}") for s in ("left", "right")
                  for j in ("hip", "knee", "ankle", "foot")]  # fmt: skip
        moved = motion.joint_positions()[:, [0, *joints]]
        assert np.linalg.norm(moved - moved[:1], axis=-1).max() < 0.05

    def test_pins_hold(self, made):
        motion = made("edit", "b.npz", "--pin", "left_hand=1:2@0.3,-0.3,1.2",
                      "--look-at", "0.5:1@1,-2,1")  # fmt: skip
        hand = motion.joint_positions()[30:61, motion.skeleton.index("left_wrist")]
        assert np.linalg.norm(hand - [0.3, -0.3, 1.2], axis=-1).max() < 0.01
        with np.load("b.npz") as old, np.load("made.npz") as new:
            assert np.array_equal(old["poses"][76:], new["poses"][76:])
            assert np.array_equal(old["poses"][:, 3:36], new["poses"][:, 3:36])

    @pytest.mark.parametrize("kind", ["travelling", "in_place"])
    def test_a_loop_closes(self, made, kind):
        motion = made("generate", "walk", "--seconds", 2, "--loop", kind)
        assert motion.frames == 61
        first, last = motion.local_rotations[0, 1:], motion.local_rotations[-1, 1:]
        np.testing.assert_allclose(first, last, atol=1e-12)
        if kind == "in_place":
            np.testing.assert_allclose(motion.root_positions[0], motion.root_positions[-1])

    def test_a_timeline_is_one_motion_of_the_asked_length(self, made):
        motion = made("generate", "--at", "0=walk", "--at", "4=sit down", "--at", "6=jump",
                      "--seconds", 20)  # fmt: skip
        assert motion.frames == 600
        steps = np.linalg.norm(np.diff(motion.root_positions, axis=0), axis=-1)
        assert steps.max() < 5.0 * np.percentile(steps, 95.0)

    def test_continuing_keeps_the_clip_to_the_bit(self, made):
        for arguments, own, total in (
            (["--continue", "walk", "--seconds", 2], slice(0, 24), 84),
            (["--before", "walk", "--seconds", 1], slice(30, 54), 54),
            (["--then", "b.npz"], slice(0, 24), 113),
            (["--continue", "walk", "--seconds", 1, "--then", "b.npz"], slice(0, 24), 144),
        ):
            motion = made("edit", "clip.npz", *arguments)
            assert motion.frames == total
            with np.load("clip.npz") as old, np.load("made.npz") as new:
                for name in ("poses", "trans", "contacts", "joint_positions"):
                    assert np.array_equal(old[name], new[name][own]), name

    def test_a_stretch_anew_leaves_its_neighbours(self, made):
        made("edit", "b.npz", "--redo", "jump", "--range", "1:2")
        with np.load("b.npz") as old, np.load("made.npz") as new:
            for name in ("poses", "trans", "contacts", "joint_positions"):
                outside = np.r_[0:31, 60:90]
                assert np.array_equal(old[name][outside], new[name][outside]), name
            assert not np.array_equal(old["poses"], new["poses"])

    def test_a_part_of_another_clip(self, made):
        swaying(90, seed=4).save("other.npz")
        made("edit", "b.npz", "--take", "left_arm=other.npz")
        arm = [SMPLX.index(f"left_{j}") for j in ("shoulder", "elbow", "wrist")]
        poses = {n: np.load(f"{n}.npz")["poses"].reshape(90, 55, 3) for n in ("b", "other", "made")}
        np.testing.assert_allclose(poses["made"][:, arm], poses["other"][:, arm], atol=1e-9)
        others = [j for j in range(55) if j not in arm]
        assert np.array_equal(poses["made"][:, others], poses["b"][:, others])

    def test_faster_and_mirrored(self, made):
        assert made("edit", "b.npz", "--speed", 2).frames == 45
        mirrored = made("edit", "b.npz", "--mirror")
        np.testing.assert_allclose(mirrored.root_positions * [-1, 1, 1],
                                   Motion.load("b.npz").root_positions, atol=1e-9)  # fmt: skip


class TestGenerate:
    """With the tiny debug model: random weights, the real doors."""

    def test_length_seed_and_facts(self, tmp_path, capsys):
        paths = [tmp_path / f"{name}.npz" for name in ("one", "same", "other")]
        for path, seed in zip(paths, (1, 1, 2)):
            assert limber("generate", "a person walks", "--seconds", "1.5", "--seed", seed,
                          "--model", "debug", "--out", path) == 0  # fmt: skip
        out, err = capsys.readouterr()
        assert "one.npz: 45 frames, 1.5 s" in out and err == ""
        one, same, other = (Motion.load(path) for path in paths)
        assert one.frames == 45 and one.fps == 30
        np.testing.assert_array_equal(one.local_rotations, same.local_rotations)
        assert not np.array_equal(one.local_rotations, other.local_rotations)

    def test_variations_are_numbered_takes(self, tmp_path, capsys):
        given = ["generate", "a person walks", "--seconds", "1", "--model", "debug", "--out"]
        assert limber(*given, tmp_path / "x.npz", "--variations", 3) == 0
        assert limber(*given, tmp_path / "alone.npz") == 0
        names = [f"x-{take}.npz" for take in (1, 2, 3)]
        assert sorted(os.listdir(tmp_path)) == ["alone.npz", *names]
        first, second, third = (Motion.load(tmp_path / name).local_rotations for name in names)
        alone = Motion.load(tmp_path / "alone.npz").local_rotations
        np.testing.assert_allclose(first, alone, atol=1e-5)
        assert np.abs(first - second).max() > 1e-3 and np.abs(second - third).max() > 1e-3

    def test_reconstruct_refuses_less_than_a_token_frame(self, tmp_path, capsys):
        short, out = tmp_path / "short.npz", tmp_path / "out.npz"
        Motion.standing(3).save(short)
        assert limber("reconstruct", short, "--model", "debug", "--out", out) == 2
        assert "3 frames is shorter than one token frame" in capsys.readouterr().err
        assert not out.exists()

    def test_reconstruct_keeps_the_length(self, clip, tmp_path, capsys):
        out = tmp_path / "again.npz"
        assert limber("reconstruct", clip, "--model", "debug", "--out", out) == 0
        assert Motion.load(out).frames == Motion.load(clip).frames

    @pytest.mark.parametrize(
        "option",
        [["--precision", "nf4", "--runtime", "numpy"], ["--runtime", "numpy", "--device", "cuda"]],
    )
    def test_what_contradicts_itself_is_said(self, option, tmp_path, capsys):
        out = tmp_path / "x.npz"
        assert limber("generate", "walk", "--model", "debug", *option, "--out", out) == 2
        assert "--runtime numpy" in capsys.readouterr().err and not out.exists()

    def test_evaluate_prints_a_table_and_writes_the_report(self, tmp_path, monkeypatch, capsys):
        from training.adherence import prompts

        some = prompts.load_prompts()[::60]
        monkeypatch.setattr(prompts, "load_prompts", lambda: some)
        out = tmp_path / "report.json"
        assert limber("evaluate", "--adherence", "--seeds", "1", "--model", "debug",
                      "--out", out) == 0  # fmt: skip
        assert len(capsys.readouterr().out.splitlines()) > 1
        assert json.loads(out.read_text())["model"] == "debug"
