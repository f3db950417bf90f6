"""Builds the extension for Blender 4.2 and later; not part of it.

    python -m blender_addon.build_extension dist

The zip holds the add-on and, as a wheel that its manifest lists, the engine with the default model:
Blender unpacks the wheel where extensions import from. The same sources give the same bytes.
"""

import base64
import hashlib
import io
import sys
import tomllib
import zipfile
from pathlib import Path

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.version import VERSION

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = CHECKOUT / "blender_addon"
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


def build_extension(folder: Path) -> Path:
    """Writes ``limber-VERSION.zip`` into ``folder``; raises LimberError for a manifest that
    disagrees with what is built, and where this is no checkout."""
    _check_manifest()
    files = {path.name: path.read_bytes() for path in sorted(ADDON.glob("*.py"))}
    del files[Path(__file__).name]
    files["blender_manifest.toml"] = (ADDON / "blender_manifest.toml").read_bytes()
    files["LICENSE"] = (CHECKOUT / "LICENSE").read_bytes()
    files[WHEEL] = wheel()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"limber-{VERSION}.zip"
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


def _check_manifest() -> None:
    path = ADDON / "blender_manifest.toml"
    manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    for key, value in (("version", VERSION), ("wheels", [f"./{WHEEL}"])):
        if manifest.get(key) != value:
            raise LimberError(f"{path.name} has {key} = {manifest.get(key)}; write {value}.")


def main() -> None:
    try:
        target = build_extension(Path(sys.argv[1] if len(sys.argv) > 1 else "dist"))
    except LimberError as error:
        sys.exit(f"limber: {error}")
    print(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
