"""Builds the extension for Blender 4.2 and later, in two editions; not part of them.

    python -m blender_addon.build_extension dist

A zip holds the add-on and, as a wheel that its manifest lists, the engine with the default model:
Blender unpacks the wheel where extensions import from. The same sources give the same bytes.

``limber-VERSION.zip`` is self-contained, as extensions.blender.org asks of what it lists.
``limber_gpu-VERSION.zip`` can install torch on the user's click; it is for a repository of one's own.
"""

import base64
import hashlib
import io
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.version import VERSION

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = CHECKOUT / "blender_addon"
MANIFEST = "blender_manifest.toml"
INSTALLER = ("packages.py", "package_installation.py", "packages_panel.py")
SHIPPED_ASSETS = ("default", "vocabulary", "LICENSES.md")
_DISTRIBUTION = f"limber_motion_engine-{VERSION}"
WHEEL = f"wheels/{_DISTRIBUTION}-py3-none-any.whl"
_METADATA = f"""Metadata-Version: 2.1
Name: limber-motion-engine
Version: {VERSION}
Summary: Limber's engine with its default model: text to human motion
License: GPL-3.0-or-later
Requires-Python: >=3.11
Requires-Dist: numpy>=1.24,<3
"""
_WHEEL = """Wheel-Version: 1.0
Generator: limber
Root-Is-Purelib: true
Tag: py3-none-any
"""


@dataclass(frozen=True)
class Edition:
    """One zip: what it leaves out, and lines of the manifest that read otherwise in it."""

    id: str
    without: tuple[str, ...] = ()
    manifest: tuple[tuple[str, str], ...] = ()


_GPU_PERMISSIONS = """
network = "Downloads PyTorch when you ask for GPU and large models"
clipboard = "Copies the command that prepares an offline installation"
""".strip()
SELF_CONTAINED = Edition("limber", without=INSTALLER)
GPU = Edition(
    "limber_gpu",
    manifest=(
        ('id = "limber"', 'id = "limber_gpu"'),
        ('name = "Limber"', 'name = "Limber GPU"'),
        ("[permissions]", f"[permissions]\n{_GPU_PERMISSIONS}"),
    ),
)
EDITIONS = (SELF_CONTAINED, GPU)


def build_extension(folder: Path, edition: Edition = SELF_CONTAINED) -> Path:
    """Writes ``ID-VERSION.zip`` into ``folder``; raises LimberError for a manifest that disagrees
    with what is built, and where this is no checkout."""
    absent = {Path(__file__).name, *edition.without}
    files = {
        path.name: path.read_bytes()
        for path in sorted(ADDON.glob("*.py"))
        if path.name not in absent
    }
    files[MANIFEST] = _manifest(edition).encode()
    files["LICENSE"] = (CHECKOUT / "LICENSE").read_bytes()
    files[WHEEL] = wheel()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{edition.id}-{VERSION}.zip"
    with replaced_when_done(target) as temporary:
        temporary.write_bytes(archive(files))
    return target


def wheel() -> bytes:
    """The engine and its shipped assets as a wheel (PEP 427) for any Python and machine."""
    files = {
        path.relative_to(CHECKOUT).as_posix(): path.read_bytes()
        for path in (CHECKOUT / "motion_engine").rglob("*.py")
    }
    for name in SHIPPED_ASSETS:
        path = CHECKOUT / "assets" / name
        if not path.exists():
            raise LimberError(f"{path} is missing; build from a complete checkout.")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            inside = file.relative_to(CHECKOUT).as_posix()
            files[f"motion_engine/{inside}"] = file.read_bytes()
    information = f"{_DISTRIBUTION}.dist-info"
    files[f"{information}/LICENSE"] = (CHECKOUT / "LICENSE").read_bytes()
    files[f"{information}/METADATA"] = _METADATA.encode()
    files[f"{information}/WHEEL"] = _WHEEL.encode()
    record = f"{information}/RECORD"
    lines = [_record(name, content) for name, content in sorted(files.items())]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    return archive(files)


def archive(files: dict[str, bytes]) -> bytes:
    """A zip that depends on nothing but names and contents."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as target:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = 0o644 << 16
            is_packed = name.endswith(".whl")
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            target.writestr(entry, content, compresslevel=9)
    return memory.getvalue()


def _record(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}"


def _manifest(edition: Edition) -> str:
    text = (ADDON / MANIFEST).read_text(encoding="utf-8")
    for line, other in edition.manifest:
        if text.count(f"{line}\n") != 1:
            raise LimberError(f"{MANIFEST} has not exactly one line {line}.")
        text = text.replace(f"{line}\n", f"{other}\n")
    content = tomllib.loads(text)
    for key, value in (("id", edition.id), ("version", VERSION), ("wheels", [f"./{WHEEL}"])):
        if content.get(key) != value:
            raise LimberError(f"{MANIFEST} has {key} = {content.get(key)}; write {value}.")
    return text


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "dist")
    try:
        targets = [build_extension(folder, edition) for edition in EDITIONS]
    except LimberError as error:
        sys.exit(f"limber: {error}")
    for target in targets:
        print(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
