"""`limber generate`: text, and whatever else is asked of the motion, to motion."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from ..errors import LimberError
from .prompt import warn_of
from .shared import (
    add_model,
    add_out,
    add_sampling,
    add_takes,
    check_source,
    load_model,
    progress_bar,
    sampling_of,
    take_paths,
    write_all,
)
from .values import clip_at, named_texts, point, seconds, time_range


def add_generate(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("generate", help="text to motion", allow_abbrev=False)
    verb.add_argument("text", nargs="?", default="",
                      help='what the person does, e.g. "a person walks and waves"')  # fmt: skip
    verb.add_argument("--seconds", type=float, help="length; left out, the model ends by itself")
    verb.add_argument("--fps", type=float, default=30.0, help="frames per second (default 30)")
    add_takes(verb)
    add_out(verb)
    control = verb.add_argument_group("control")
    control.add_argument("--part", action="append", default=[], metavar="PART=TEXT",
                         help='what a part does: left_arm="wave"; "still" holds it')  # fmt: skip
    control.add_argument("--at", action="append", default=[], metavar="SECONDS=TEXT",
                         help="a timeline, up to five minutes: --at 0=walk --at 4=wave")  # fmt: skip
    control.add_argument("--key", action="append", default=[], metavar="SECONDS=CLIP[@T][:PARTS]",
                         help="pass through the pose that a clip has at T seconds")  # fmt: skip
    control.add_argument("--path", type=Path, metavar="FILE",
                         help="lead the root along a table of t,x,y (seconds, metres)")  # fmt: skip
    control.add_argument("--facing", choices=("along", "free"), default="along",
                         help="look along the path or not")  # fmt: skip
    control.add_argument("--mood", default="", metavar="WORD",
                         help="happy, sad, angry, tired, proud, nervous or sneaky")  # fmt: skip
    control.add_argument("--loop", nargs="?", const="travelling", default="",
                         choices=("travelling", "in_place"), help="end as it begins")  # fmt: skip
    control.add_argument("--energy", type=float, default=1.0,
                         help="upper body's movements larger or smaller (0.3 to 2)")  # fmt: skip
    control.add_argument("--speed", type=float, default=1.0,
                         help="pace, in the same time (0.5 to 2)")  # fmt: skip
    add_pins(control)
    add_model(verb)
    add_sampling(verb)
    verb.set_defaults(run=run_generate)


def add_pins(group) -> None:
    group.add_argument("--pin", action="append", default=[], metavar="LIMB=START:END@X,Y,Z",
                       help="hold left_hand, right_foot, ... at a place (metres)")  # fmt: skip
    group.add_argument("--look-at", action="append", default=[], metavar="START:END@X,Y,Z",
                       help="turn the head to a place")  # fmt: skip


def run_generate(options: argparse.Namespace) -> None:
    """`limber generate`: everything cheap is checked before the model is loaded."""
    from ..generation.directed import directed_motions

    takes, direction = take_paths(options), direction_of(options)
    style = direction.style
    commands = [style.asked(command) for command in _commands(direction, options)]
    model = load_model(options)
    with progress_bar("generating", known=direction.command.seconds is not None) as progress:
        if direction.is_plain:
            from ..models.model import generate_motions

            motions = generate_motions(commands, model, progress)
            motions = [_cut(style.applied(motion), options.seconds) for motion in motions]
            motions = [_at_rate(motion, options.fps) for motion in motions]
        else:
            motions = directed_motions(direction, options.variations, model, progress)
    warn_of(direction.command.text)
    for motion, paths in zip(motions, takes):
        write_all(motion, paths, title=direction.command.text)


def direction_of(options: argparse.Namespace):
    """What the options ask for; raises LimberError."""
    from ..command import Command
    from ..edit.style import Style
    from ..generation.directed import Direction
    from ..generation.part_edit import text_of_parts
    from ..generation.timeline import Beat
    from ..language.stillness import is_still
    from ..parts import resolve_parts

    if not 1.0 <= options.fps <= 1000.0:
        raise LimberError(f"--fps is {options.fps:g}; choose 1 to 1000")
    texts = named_texts("--part", options.part, 'PART="what it does"')
    beats = tuple(
        Beat(seconds("--at", start), text)
        for start, text in named_texts("--at", options.at, 'SECONDS="text"').items()
    )
    beats = tuple(sorted(beats, key=lambda beat: beat.start))
    if beats and (options.text or texts):
        raise LimberError("a timeline holds all texts: leave the other text and --part out")
    if not (options.text or texts or beats):
        raise LimberError('say what the person does: limber generate "a person walks"')
    resolve_parts(list(texts))
    still = resolve_parts([part for part, text in texts.items() if is_still(text)])
    text = "; ".join(filter(None, [options.text, text_of_parts(texts)]))
    text = "; ".join(beat.text for beat in beats) if beats else text
    asked = None if beats else options.seconds
    command = Command(text, asked, options.seed, **sampling_of(options))
    return Direction(
        command,
        still,
        tuple(key_of(given) for given in options.key),
        _path(options),
        pins_of(options),
        beats,
        options.loop,
        options.seconds,
        options.fps,
        Style(options.mood, options.energy, options.speed),
    )


def _cut(motion, seconds: float | None):
    from ..motion import ENGINE_FPS

    return motion if seconds is None else motion.cut(0, max(1, round(seconds * ENGINE_FPS)))


def _commands(direction, options: argparse.Namespace) -> list:
    return [replace(direction.command, variation=take) for take in range(options.variations)]


def _at_rate(motion, fps: float):
    from ..edit.curves import resampled

    return resampled(motion, fps, max(1, round(motion.seconds * fps)))


def _path(options: argparse.Namespace):
    from ..edit.root_path import RootPath

    if options.path is None:
        if options.facing != "along":
            raise LimberError("--facing goes with --path")
        return None
    check_source(options.path)
    return RootPath.read(options.path, options.facing)


def key_of(given: str):
    """``2.5=b.npz@1.2`` or ``2.5=b.npz@1.2:left_arm,head``."""
    from ..edit.curves import sampled
    from ..finish.keys import Key
    from ..finish.region import part_joints
    from ..parts import resolve_parts
    from ..skeleton import SMPLX

    when, separator, source = given.partition("=")
    if not separator:
        raise LimberError(f"--key {given}: write SECONDS=CLIP, such as 2.5=b.npz@1.2")
    name, colon, parts = source.rpartition(":")
    if not colon or "/" in parts or "." in parts:
        name, parts = source, ""
    path, at = clip_at("--key", name)
    from ..finish.clip import read_clip

    motion = read_clip(path).motion
    if at > (motion.frames - 1) / motion.fps + 1e-6:
        raise LimberError(f"--key {given}: {path} lasts only {motion.seconds:.2f} s")
    pose = sampled(motion, [at, at + 1.0 / 30.0], 30.0)
    joints = tuple(range(SMPLX.joints))
    if parts:
        joints = part_joints(resolve_parts([part.strip() for part in parts.split(",")]))
    return Key(seconds("--key", when), pose, joints)


def pins_of(options: argparse.Namespace) -> tuple:
    from ..finish.pins import LIMBS, Pin

    found = []
    for option, given in [("--pin", p) for p in options.pin] + [
        ("--look-at", p) for p in options.look_at
    ]:
        shape = "LIMB=START:END@X,Y,Z" if option == "--pin" else "START:END@X,Y,Z"
        limb, separator, rest = given.partition("=") if option == "--pin" else ("head", "=", given)
        span, at, place = rest.partition("@")
        if not (separator and at):
            raise LimberError(f"{option} {given}: write {shape}")
        if option == "--pin" and limb not in LIMBS:
            raise LimberError(f"--pin {given}: choose {', '.join(LIMBS)}")
        start, stop = time_range(option, span)
        if start is None or stop is None:
            raise LimberError(f"{option} {given}: give both times, in seconds")
        found.append(Pin(limb, start, stop, point(option, place)))
    return tuple(found)
