"""The worker's side: clips in a thread of its own, progress, errors, cancelling; no Blender."""

import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from threading import Event, Thread

import numpy as np
import pytest

import motion_engine
from blender_addon.clips import Order, make_clips
from blender_addon.generation_job import (
    Cancelled,
    GenerationJob,
    ModelChoice,
    WarmModel,
    array_bytes,
)
from motion_engine import rotations
from motion_engine.command import Command
from motion_engine.errors import GPUMemoryFull, LimberError
from motion_engine.features import heading_angles
from motion_engine.models import places
from motion_engine.models.model import Model
from motion_engine.models.places import Place
from motion_engine.motion import Motion

PATIENCE_SECONDS = 60.0


def wait(job: GenerationJob) -> GenerationJob:
    end = time.monotonic() + PATIENCE_SECONDS
    while not job.poll():
        assert time.monotonic() < end
        time.sleep(0.002)
    return job


def failing(error: BaseException):
    def make(progress):
        raise error

    return make


def order_of(*commands: Command, **changes) -> Order:
    return Order(commands, 30.0, None, np.eye(4), **changes)


def unseen(chunk, into_world, first) -> None:
    pass


@pytest.fixture
def model() -> WarmModel:
    warm = WarmModel()
    warm.choose(ModelChoice("debug"))
    return warm


def test_the_clips_are_the_model_s_own_motions(model):
    commands = [Command("a person waves", seconds=1.0, seed=3, variation=i) for i in range(2)]
    job = GenerationJob(partial(make_clips, order_of(*commands), model, show=unseen)).start()
    clips = wait(job).result()
    for command, clip in zip(commands, clips):
        expected = motion_engine.generate_motion(command, model.get())
        np.testing.assert_allclose(clip.motion.local_rotations, expected.local_rotations, atol=1e-5)
        assert clip.motion.frames == 30 and clip.command == command and clip.rig_motion is None
    assert job.done == job.total >= 30 and job.fraction == 1.0


def test_chunks_of_the_first_clip_are_shown_as_they_are_made(model):
    commands = [Command("a person waves", seconds=1.0, seed=3, variation=i) for i in range(2)]
    shown, heard = [], []
    make_clips(
        order_of(*commands),
        model,
        lambda done, total: heard.append((done, len(shown))),
        lambda chunk, into_world, first: shown.append((chunk, into_world, first)),
    )
    assert any(count and done < heard[-1][0] for done, count in heard)
    made = list(model.get().generate(commands[0]))
    frames = [chunk.frames for chunk, *_ in shown]
    assert sum(frames) == 30 and [first for *_, first in shown] == [0, *np.cumsum(frames[:-1])]
    whole, expected = (
        np.concatenate([chunk.root_positions for chunk in chunks])
        for chunks in ([chunk for chunk, *_ in shown], made)
    )
    np.testing.assert_allclose(whole, expected, atol=1e-5)
    assert all((into_world == np.eye(4)).all() for _, into_world, _ in shown)


def test_a_clip_can_begin_where_another_ends(model):
    ending = Motion.standing(2)
    turn = rotations.about("z", 1.0)
    ending = replace(
        ending,
        root_positions=ending.root_positions + [3.0, 4.0, 0.0],
        local_rotations=np.concatenate(
            [
                rotations.multiply(turn, ending.local_rotations[:, :1]),
                ending.local_rotations[:, 1:],
            ],
            axis=1,
        ),
    )
    (clip,) = make_clips(
        order_of(Command("walk", 1.0, temperature=0.5), ending=ending),
        model,
        lambda *_: None,
        unseen,
    )
    begin = clip.motion.joint_positions()[0, 1:3].mean(axis=0)
    np.testing.assert_allclose(begin[:2], ending.joint_positions()[-1, 1:3].mean(axis=0)[:2])
    assert heading_angles(clip.motion.local_rotations[:1, 0])[0] == pytest.approx(1.0)
    (plain,) = make_clips(
        order_of(Command("walk", 1.0, temperature=0.5)), model, lambda *_: None, unseen
    )
    np.testing.assert_allclose(
        clip.motion.local_rotations[:, 1:], plain.motion.local_rotations[:, 1:], atol=1e-9
    )


def test_variations_of_an_original_keep_its_coarse_codes(model):
    loaded = model.get()
    original = Command("a person waves", seconds=2.0, seed=3)
    commands = [replace(original, variation=i) for i in (1, 2)]
    heard: list[np.ndarray] = []

    class Listening:
        """A runtime that takes down the codes it is given."""

        def __init__(self):
            self.runtime = loaded.new_runtime()
            self.groups = self.runtime.groups

        def start(self, *asked):
            self.runtime.start(*asked)

        def logits(self, *asked):
            return self.runtime.logits(*asked)

        def advance(self, codes, control):
            if codes is not None:
                heard.append(codes)
            return self.runtime.advance(codes, control)

    warm = WarmModel(lambda choice: Model(loaded.codec, Listening, loaded.control, loaded.planner))
    told = []
    make_clips(
        order_of(*commands, original=original), warm, lambda *pair: told.append(pair), unseen
    )
    assert told == sorted(told) and told[-1] == (120, 120)
    first = np.array([codes for codes in heard if len(codes) == 1])
    varied = np.array([codes for codes in heard if len(codes) == 2])
    coarse = np.arange(first.shape[-1]) % loaded.codec.config.layers == 0
    assert len(first) == len(varied) == 14
    assert (varied[..., coarse] == first[..., coarse]).all()
    assert (varied[..., ~coarse] != first[..., ~coarse]).any()


def test_progress_is_told_before_the_end():
    go_on = Event()

    def make(progress):
        progress(4, 16)
        go_on.wait(PATIENCE_SECONDS)
        progress(16, 16)
        return Motion.standing(16)

    job = GenerationJob(make).start()
    while not job.done:
        assert not job.poll()
        time.sleep(0.002)
    assert (job.done, job.total, job.fraction) == (4, 16, 0.25)
    assert job.seconds_left() >= 0.0
    with pytest.raises(RuntimeError):
        job.result()
    go_on.set()
    assert wait(job).result().frames == 16


def test_cancel_ends_the_worker_between_two_frames():
    begun, heard = Event(), []

    def make(progress):
        for frame in range(100_000):
            heard.append(frame)
            progress(frame, 100_000)
            begun.set()
            time.sleep(0.001)
        return Motion.standing(1)

    job = GenerationJob(make).start()
    assert begun.wait(PATIENCE_SECONDS)
    job.cancel()
    assert job.join(PATIENCE_SECONDS)
    assert len(heard) < 100_000
    with pytest.raises(Cancelled):
        wait(job).result()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LimberError("the weights are torn"), "the weights are torn"),
        (ModuleNotFoundError("no", name="tomllib"), "tomllib"),
        (MemoryError(), "memory is full"),
    ],
)
def test_what_a_user_can_mend_arrives_as_a_limber_error(error, message):
    def load(choice):
        raise error

    order = order_of(Command("a person walks", seconds=1.0))
    job = wait(GenerationJob(partial(make_clips, order, WarmModel(load), show=unseen)).start())
    with pytest.raises(LimberError, match=message):
        job.result()


def test_a_fault_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        wait(GenerationJob(failing(ZeroDivisionError())).start()).result()


def test_one_job_works_at_a_time():
    at_work, most = [], []

    def make(progress):
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.05)
        at_work.pop()
        return Motion.standing(1)

    jobs = [GenerationJob(make).start() for _ in range(3)]
    for job in jobs:
        wait(job)
    assert most == [1, 1, 1]


def test_the_model_is_loaded_once_and_again_after_unloading():
    loads = []
    model = WarmModel(lambda choice: loads.append(choice) or object())
    threads = [Thread(target=model.get) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert model.is_loaded and len(loads) == 1
    model.unload()
    assert not model.is_loaded
    model.get()
    assert len(loads) == 2
    model.choose(ModelChoice("another"))
    assert model.is_loaded
    model.get()
    assert loads[-1] == ModelChoice("another") and len(loads) == 3


def full_gpu(loads: list[ModelChoice]):
    """A maker of the debug model, for which no GPU has the memory."""

    def load(choice: ModelChoice) -> Model:
        loads.append(choice)
        if choice.device != "cpu":
            raise GPUMemoryFull("it does not fit", "cuda:0")
        return motion_engine.load(choice.name)

    return load


def test_a_full_gpu_is_answered_by_fewer_bits_and_then_by_the_cpu(monkeypatch):
    monkeypatch.setattr(places.util, "find_spec", lambda name: None)  # no bitsandbytes
    loads, told, chosen = [], [], ModelChoice("debug", "cuda", "fp32")
    model = WarmModel(full_gpu(loads))
    model.choose(chosen)
    order = order_of(Command("a person waves", seconds=1.0))
    (clip,) = make_clips(order, model, lambda *pair: told.append(pair), unseen)
    assert [(c.device, c.precision) for c in loads] == [
        ("cuda", "fp32"), ("cuda:0", "bf16"), ("cpu", "fp32")
    ]  # fmt: skip
    assert told[:3] == [(0, 0)] * 3 and told[-1] == (30, 30)
    expected = motion_engine.generate_motion(order.commands[0], motion_engine.load("debug"))
    np.testing.assert_allclose(clip.motion.local_rotations, expected.local_rotations, atol=1e-9)
    assert model.smaller == Place("cpu", "fp32")
    model.choose(chosen)
    make_clips(order, model, lambda *_: None, unseen)
    assert len(loads) == 3  # it stays where it found room
    model.unload()
    assert model.smaller is None
    make_clips(order, model, lambda *_: None, unseen)
    assert loads[3] == chosen


def test_no_room_anywhere_leaves_all_as_it_was():
    def load(choice: ModelChoice) -> Model:
        if choice.device == "cpu":
            raise LimberError(f"{choice.precision} takes more than the machine has")
        raise GPUMemoryFull("it does not fit", "cuda:0")

    model = WarmModel(load)
    model.choose(ModelChoice("debug", "cuda", "bf16"))
    order = order_of(Command("a person waves", seconds=1.0))
    with pytest.raises(LimberError, match="nf4 takes more than the machine has"):
        make_clips(order, model, lambda *_: None, unseen)
    assert model.smaller is None and not model.is_loaded


def test_the_memory_of_arrays_is_counted_once():
    numbers = np.zeros((100, 10))
    holder = {"a": [numbers, numbers[3:]], "b": (numbers.T,), "c": "text", "d": np.ones(4, "f4")}
    assert array_bytes(holder) == numbers.nbytes + 16


def test_the_model_s_memory_is_known_while_it_is_loaded(model):
    assert not model.is_loaded
    model.get()
    assert model.is_loaded and model.memory_bytes > 10_000 and model.idle_seconds < 60.0


def test_the_worker_s_module_needs_no_bpy():
    code = "import sys, blender_addon.clips; sys.exit('bpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
