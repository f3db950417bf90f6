"""A generation in a thread of its own: progress, result, errors, cancelling; without Blender."""

import subprocess
import sys
import time
from functools import partial
from threading import Event, Thread

import numpy as np
import pytest

import motion_engine
from blender_addon.generation_job import Cancelled, GenerationJob, WarmModel, make_motion
from motion_engine.command import Command
from motion_engine.errors import LimberError
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


def test_the_result_is_the_model_s_own_motion():
    model = WarmModel(partial(motion_engine.load, "debug"))
    command = Command("a person waves", seconds=1.0, seed=3)
    job = wait(GenerationJob(partial(make_motion, command, model)).start())
    expected = motion_engine.generate_motion(command, model.get())
    np.testing.assert_array_equal(job.result().local_rotations, expected.local_rotations)
    assert job.result().frames == 30
    assert job.done == job.total >= 30 and job.fraction == 1.0


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
    def load():
        raise error

    command = Command("a person walks", seconds=1.0)
    job = wait(GenerationJob(partial(make_motion, command, WarmModel(load))).start())
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
    model = WarmModel(lambda: loads.append(1) or object())
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


def test_the_worker_s_module_needs_no_bpy():
    code = "import sys, blender_addon.generation_job; sys.exit('bpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
