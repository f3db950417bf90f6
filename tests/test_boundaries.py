"""Who may import what: the engine runs inside Blender with numpy alone, imports do no work."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
ENGINE = CHECKOUT / "motion_engine"
PACKAGES = ("motion_engine", "blender_addon", "training")
# Training and the torch runtime. Everything else in motion_engine runs inside Blender.
NEEDS_TORCH = {
    "code_vectors", "convolution_codec", "devices", "flow_codec", "flow_decoder", "flow_sampler",
    "image_codec", "language_model", "lookup_free_quantizer", "members", "part_aware", "prq",
    "quantization", "quantizers", "residual_quantizer", "scalar_quantizer", "temporal_block",
    "token_model", "torch_codec", "torch_member", "torch_runtime",
}  # fmt: skip
BLOCKER = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
"""


def run_python(code: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )


def module_names() -> list[str]:
    return [
        ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
        for path in sorted(ENGINE.rglob("*.py"))
        if path.name not in ("__init__.py", "__main__.py")
    ]


def needs_torch(module: str) -> bool:
    return module.rsplit(".", 1)[-1] in NEEDS_TORCH


def imported_packages(path: Path) -> set[str]:
    """Top-level packages that a file imports anywhere, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda path: path.stem)
def test_the_engine_never_imports_bpy(path):
    assert "bpy" not in imported_packages(path)


def test_editing_modules_need_numpy_alone():
    blocked = {"bpy", "torch", "scipy", "transformers", "safetensors", "PIL", "tqdm", "matplotlib"}
    modules = [name for name in module_names() if not needs_torch(name)]
    lines = "\n".join(f"import {name}" for name in modules)
    result = run_python(f"BLOCKED = {blocked!r}\n{BLOCKER}\n{lines}")
    assert result.returncode == 0, result.stderr.splitlines()[-1]


def test_importing_the_packages_loads_nothing_heavy():
    heavy = {"torch", "bpy", "scipy", "transformers", "PIL", "matplotlib", "tqdm"}
    code = f"""
import sys
import {", ".join(PACKAGES)}
print(*sorted(name for name in {heavy!r} if name in sys.modules))
print(*sorted(name for name in sys.modules if name.startswith({tuple(p + "." for p in PACKAGES)})))
"""
    result = run_python(code)
    assert result.returncode == 0, result.stderr.splitlines()[-1]
    loaded, own = result.stdout.split("\n")[:2]
    assert loaded == ""
    assert len(own.split()) <= 3, f"importing the packages also loads {own}"


def test_the_command_line_starts_without_the_model():
    result = run_python(
        "import sys, motion_engine.cli\n"
        "print(*[name for name in ('torch', 'numpy', 'bpy') if name in sys.modules])"
    )
    assert result.stdout.strip() == "", result.stderr


def test_every_package_is_listed_for_installation():
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["setuptools"]
    present = {
        ".".join(path.parent.relative_to(CHECKOUT).parts)
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("__init__.py")
    }
    assert set(settings["packages"]) - {"motion_engine.assets"} == present


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_between_the_packages_go_one_way(package):
    """The engine knows neither the add-on nor the training, but for its command line's doors."""
    forbidden = {"motion_engine": {"training", "blender_addon"}, "blender_addon": {"training"}}
    for path in (CHECKOUT / package).rglob("*.py"):
        if path.name in ("cli.py", "output.py") or path.parent.name == "verbs":
            continue
        assert not imported_packages(path) & forbidden.get(package, set()), path


def test_every_public_name_is_there_and_importing_the_package_loads_none_of_them():
    done = run_python(
        "import sys, motion_engine\n"
        "loaded = [m for m in sys.modules if m.startswith('motion_engine.')]\n"
        "assert loaded == ['motion_engine.version'], loaded\n"
        "for name in motion_engine.__all__: getattr(motion_engine, name)\n"
        "assert set(motion_engine._PUBLIC) == set(motion_engine.__all__) - {'__version__', 'load'}\n"
    )
    assert done.returncode == 0, done.stderr
