"""`limber edit`: change some of a clip, and keep the rest of it to the bit."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import LimberError
from . import edit_kinds
from .generate import add_pins
from .shared import add_model, add_out, add_sampling, add_takes, check_source, take_paths, write_all

_KINDS = {
    "part": edit_kinds.parts_anew,
    "redo": edit_kinds.stretch_anew,
    "continue_": edit_kinds.longer,
    "before": edit_kinds.longer,
    "then": edit_kinds.longer,
    "take": edit_kinds.parts_of_others,
    "key": edit_kinds.held_to,
    "pin": edit_kinds.held_to,
    "look_at": edit_kinds.held_to,
    "speed": edit_kinds.faster,
    "length": edit_kinds.faster,
    "energy": edit_kinds.styled,
    "mood": edit_kinds.styled,
    "mirror": edit_kinds.mirrored,
    "loop": edit_kinds.made_loop,
}


def add_edit(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("edit", help="change parts or times of a clip", allow_abbrev=False)
    verb.add_argument("clip", metavar="CLIP", type=Path, help=".npz, .bvh or .amc")
    verb.add_argument("--range", metavar="START:END", help="seconds to change; all by default")
    verb.add_argument("--seconds", type=float, help="length of what is added or of the loop")
    add_takes(verb)
    add_out(verb)
    made = verb.add_argument_group("made by the model")
    made.add_argument("--part", action="append", default=[], metavar="PART=TEXT",
                      help='a part anew: right_arm="wave"; may be repeated')  # fmt: skip
    made.add_argument("--redo", metavar="TEXT", help="the whole body anew within --range")
    made.add_argument("--continue", dest="continue_", metavar="TEXT", help="what comes after")
    made.add_argument("--before", metavar="TEXT", help="what comes before")
    made.add_argument("--then", type=Path, metavar="CLIP",
                      help="another clip after it; with --continue, what lies between")  # fmt: skip
    kept = verb.add_argument_group("without the model")
    kept.add_argument("--take", action="append", default=[], metavar="PART=CLIP",
                      help="a part of another clip, such as left_arm=b.npz")  # fmt: skip
    kept.add_argument("--weight", type=float, help="how much of it --take takes (1: all)")
    kept.add_argument("--key", action="append", default=[], metavar="SECONDS=CLIP[@T][:PARTS]",
                      help="pass through the pose that a clip has at T seconds")  # fmt: skip
    add_pins(kept)
    kept.add_argument("--speed", type=float, help="2 is twice as fast; feet stay planted")
    kept.add_argument(
        "--length", type=float, metavar="SECONDS", help="so fast that it lasts so long"
    )
    kept.add_argument("--mood", default="", metavar="WORD",
                      help="happy, sad, angry, tired, proud, nervous or sneaky")  # fmt: skip
    kept.add_argument("--energy", type=float, help="movements of the upper body larger (to 2)")
    kept.add_argument("--mirror", action="store_true", help="exchange left and right")
    kept.add_argument("--loop", nargs="?", const="travelling", default="",
                      choices=("travelling", "in_place"), help="end as it begins")  # fmt: skip
    add_model(verb)
    add_sampling(verb)
    verb.set_defaults(run=run_edit)


def run_edit(options: argparse.Namespace) -> None:
    """`limber edit`: everything cheap is checked before the model is loaded."""
    takes = take_paths(options)
    check_source(options.clip)
    asked = {kind for name, kind in _KINDS.items() if _is_given(getattr(options, name))}
    if not asked:
        raise LimberError('say what to change, such as --part left_arm="wave"')
    if len(asked) > 1:
        raise LimberError("one kind of change at a time: edit what one `limber edit` has written")
    (kind,) = asked
    if options.range and kind not in (edit_kinds.parts_anew, edit_kinds.stretch_anew,
                                      edit_kinds.parts_of_others, edit_kinds.faster):  # fmt: skip
        raise LimberError("--range goes with --part, --redo, --take, --speed and --length")
    if options.weight is not None and kind is not edit_kinds.parts_of_others:
        raise LimberError("--weight goes with --take")
    if options.seconds is not None and kind not in (edit_kinds.longer, edit_kinds.made_loop):
        raise LimberError("--seconds goes with --continue, --before and --loop")
    if options.seconds is not None and not 0.0 < options.seconds < float("inf"):
        raise LimberError(f"--seconds is {options.seconds:g}; give a number above 0")
    from ..finish.clip import read_clip

    edits = kind(options, read_clip(options.clip))
    if len(edits) == 1 < len(takes):
        raise LimberError("--variations goes with what the model makes anew")
    for edit, paths in zip(edits, takes):
        write_all(edit.motion, paths, edit.title or options.clip.stem, edit.keep)


def _is_given(value: object) -> bool:
    """Whether an option was used; a speed of 0 was."""
    return value is not None and value is not False and value not in ([], "")
