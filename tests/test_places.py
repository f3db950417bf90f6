"""A GPU whose memory is full: torch says so, and the same is made anew at a smaller place."""

from functools import partial

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import motion_engine
from motion_engine import cli
from motion_engine.command import Command
from motion_engine.errors import GPUMemoryFull, LimberError
from motion_engine.models import devices, places, torch_runtime
from motion_engine.models.places import Place, at_smaller_places, smaller_places

pytestmark = pytest.mark.torch

WAVE = Command("a person waves", seconds=1.0, seed=3)


@pytest.fixture
def small_gpu(monkeypatch):
    """The processor in the part of a GPU whose memory suffices for a while in fp32, then no more."""
    steps = []
    advance = torch_runtime.BackboneCache.advance

    def advance_while_there_is_room(self, *given):
        if self.keys.dtype == torch.float32:
            steps.append(given)
            if len(steps) > 4:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB.")
        return advance(self, *given)

    monkeypatch.setattr(torch_runtime, "find_device", lambda name: torch.device("cpu"))
    monkeypatch.setattr(torch_runtime.BackboneCache, "advance", advance_while_there_is_room)
    full = partial(GPUMemoryFull, device="cuda:0")
    monkeypatch.setattr(devices, "memory_full", lambda message, device: full(message))


def test_what_torch_says_becomes_an_error_that_names_the_gpu(small_gpu):
    model = motion_engine.load("debug", device="cuda")
    with pytest.raises(GPUMemoryFull, match="memory of cpu is full") as raised:
        motion_engine.generate_motion(WAVE, model)
    assert raised.value.device == "cuda:0"


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("MPS backend out of memory (MPS allocated: 17 GB)"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"),
        torch.OutOfMemoryError("CUDA out of memory"),
    ],
)
@pytest.mark.parametrize(("device", "kind"), [("mps", GPUMemoryFull), ("cpu", LimberError)])
def test_every_way_to_say_so_is_understood(error, device, kind):
    told = pytest.raises(LimberError, match=f"{device} is full")
    with told as raised, devices.named_when_full(torch.device(device)):
        raise error
    assert type(raised.value) is kind


def test_other_faults_stay_what_they_are():
    with pytest.raises(RuntimeError, match="shapes"), devices.named_when_full(torch.device("cuda")):
        raise RuntimeError("the shapes do not fit")


def test_places_become_smaller(monkeypatch):
    assert list(smaller_places("cuda:1", "int8")) == [
        Place("cuda:1", "nf4"), Place("cpu", "int8"), Place("cpu", "nf4")
    ]  # fmt: skip
    monkeypatch.setattr(places.util, "find_spec", lambda name: None)
    assert list(smaller_places("mps", "fp32")) == [
        Place("mps", "bf16"), Place("cpu", "fp32"), Place("cpu", "bf16")
    ]  # fmt: skip


def test_the_processor_has_no_smaller_place():
    def work(place):
        raise LimberError("fp32 takes 40 GB")

    with pytest.raises(LimberError, match="40 GB"):
        at_smaller_places(work, Place("cpu"), pytest.fail)


def test_the_command_line_makes_the_clip_anew_and_says_so(small_gpu, tmp_path, capsys):
    again, straight = tmp_path / "again.npz", tmp_path / "straight.npz"
    asked = ["generate", WAVE.text, "--seconds", "1", "--seed", "3", "--model", "debug"]
    assert cli.main([*asked, "--device", "cuda", "--out", str(again)]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said == ["limber: the GPU's memory is full; trying again in bf16"]
    assert cli.main([*asked, "--precision", "bf16", "--out", str(straight)]) == 0
    made, expected = (np.load(path)["poses"] for path in (again, straight))
    np.testing.assert_array_equal(made, expected)
