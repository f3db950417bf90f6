"""`limber retarget`: a clip onto a rig of a .blend file, or an audit of a folder of rigs."""

from __future__ import annotations

import argparse
from importlib import import_module, util
from pathlib import Path

from ..errors import LimberError

OUTPUTS = (".blend", ".fbx", ".glb", ".usd")


def add_retarget(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("retarget", help="a clip onto a rig in a .blend", allow_abbrev=False)
    verb.add_argument("clip", metavar="CLIP", type=Path, nargs="?", help=".npz, .bvh or .amc")
    verb.add_argument("--blend", type=Path, metavar="FILE", help="the file that holds the rig")
    verb.add_argument("--rig", default="", metavar="NAME", help="armature (default: the only one)")
    verb.add_argument("--out", type=Path, metavar="FILE",
                      help="the file to write: .blend, .fbx, .glb or .usd")  # fmt: skip
    verb.add_argument("--audit", type=Path, metavar="FOLDER",
                      help="instead: how well every rig of a folder is read and driven")  # fmt: skip
    motion = verb.add_argument_group("motion")
    motion.add_argument("--root", default="hips", choices=("hips", "bone", "object", "in_place"),
                        help="what carries the path through the world")  # fmt: skip
    motion.add_argument("--start", default="rig", choices=("rig", "motion"),
                        help="begin where the rig stands, or where the clip does")  # fmt: skip
    motion.add_argument("--limbs", default="fk", choices=("fk", "ik", "both"),
                        help="controls to key on rigs that have both")  # fmt: skip
    motion.add_argument("--contacts", default="auto",
                        choices=("auto", "always", "never", "ground"), help="planting of feet")  # fmt: skip
    motion.add_argument("--part", action="append", metavar="PART",
                        help="only this part of the body, such as left_arm; may be repeated")  # fmt: skip
    keys = verb.add_argument_group("keys")
    keys.add_argument("--at", type=int, metavar="FRAME", help="first frame (default: the scene's)")
    keys.add_argument("--keep", action="store_true",
                      help="change only these chains and frames of the rig's animation")  # fmt: skip
    keys.add_argument("--feather", type=int, default=0, metavar="FRAMES",
                      help="with --keep: frames to blend over at both ends")  # fmt: skip
    keys.add_argument("--fewer-keys", type=float, metavar="DEGREES",
                      help="leave out keys as long as no bone is off its parent by more")  # fmt: skip
    bones = verb.add_argument_group("bones")
    bones.add_argument("--profile", type=Path, metavar="FILE", help="a mapping saved as JSON")
    bones.add_argument("--role", action="append", default=[], metavar="ROLE=BONE",
                       help="set one bone by hand, such as left_hip=Thigh.L")  # fmt: skip
    bones.add_argument("--save-profile", type=Path, metavar="FILE", help="write the mapping used")
    verb.set_defaults(run=run_retarget)


def run_retarget(options: argparse.Namespace) -> None:
    """`limber retarget`: one line on what was written, or the audit's table."""
    _check(options)
    from ..formats.importer import import_motion

    if options.audit is not None:
        _audit(options.audit, import_motion(options.clip) if options.clip else None)
        return
    from ..retarget.key_reduction import Tolerance
    from ..retarget.mapping import to_profile
    from ..retarget.roles import PARTS
    from ..retarget.transplant import RetargetOptions

    tolerance = Tolerance(options.fewer_keys) if options.fewer_keys is not None else None
    asked = RetargetOptions(
        options.root,
        options.start,
        options.limbs,
        options.contacts,
        tuple(options.part or PARTS),
    )
    motion = import_motion(options.clip)
    report = _blender("retarget").retarget_file(
        motion,
        options.blend,
        options.rig,
        options.out,
        options.clip.stem,
        asked,
        profile=_text(options.profile),
        roles=_roles(options.role),
        first_frame=options.at,
        keep=options.keep,
        feather_frames=options.feather,
        tolerance=tolerance,
    )
    if options.save_profile is not None:
        _write_text(options.save_profile, to_profile(report.mapping))
    print(
        f"{options.out}: {report.mapping.rig} ({report.mapping.family}, mapping "
        f"{report.mapping.confidence:.0%}), frames {report.first_frame} to {report.last_frame}, "
        f"limbs within {report.median_deg:.2f} deg (p95 {report.p95_deg:.2f})"
    )
    if report.unmapped:
        print(f"not on this rig: {', '.join(report.unmapped)}")


def _check(options: argparse.Namespace) -> None:
    """Everything cheap, before Blender is started."""
    if options.audit is not None:
        if not options.audit.is_dir():
            raise LimberError(f"{options.audit}: no such folder; name one of rigs")
    else:
        for name in ("clip", "blend", "out"):
            if getattr(options, name) is None:
                flag = "CLIP" if name == "clip" else f"--{name}"
                raise LimberError(f"retarget needs {flag} (or --audit FOLDER)")
        if options.out.suffix.lower() not in OUTPUTS:
            raise LimberError(f"{options.out}: the result is written as {', '.join(OUTPUTS)}")
        if not options.out.parent.is_dir():
            raise LimberError(f"{options.out.parent}: no such folder; make it first")
    for path in (options.clip, options.blend, options.profile):
        if path is not None and not path.is_file():
            raise LimberError(f"{path}: no such file; name one that is there")
    if options.feather < 0 or (options.feather and not options.keep):
        raise LimberError("--feather takes a number of frames and goes with --keep")
    if not all(util.find_spec(package) for package in ("bpy", "blender_addon")):
        raise LimberError('retarget needs Blender: pip install "limber[blender]"')


def _audit(folder: Path, motion) -> None:
    from ..motion import Motion

    print(f"{'file':28} {'armature':22} {'read as':18} {'mapping':>7} {'median':>7} {'p95':>7}")
    for line in _blender("retarget").audit_folder(folder, motion or Motion.standing(30)):
        start = f"{line.file:28.28} {line.armature:22.22} "
        if line.problem:
            print(f"{start}{line.problem}")
        else:
            print(
                f"{start}{line.family:18.18} {line.confidence:7.0%} "
                f"{line.median_deg:6.2f}° {line.p95_deg:6.2f}°"
            )


def _blender(module: str):
    """A module of the add-on, found by name when it is used: this package runs without bpy."""
    return import_module(f"blender_addon.{module}")


def _roles(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        role, separator, bone = text.partition("=")
        if not (role and separator and bone):
            raise LimberError(f"--role {text}: write ROLE=BONE, such as left_hip=Thigh.L")
        found[role] = bone
    return found


def _text(path: Path | None) -> str | None:
    return path.read_text(encoding="utf-8", errors="replace") if path is not None else None


def _write_text(path: Path, text: str) -> None:
    from ..files import replaced_when_done

    with replaced_when_done(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
