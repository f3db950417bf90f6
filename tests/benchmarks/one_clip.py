"""One clip of 9.8 s in this Python with this numpy: a JSON object of seconds and megabytes.

Needs numpy alone, so that it also runs in a Blender or with a numpy without BLAS.
"""

import argparse
import cProfile
import json
import pstats
import resource
import statistics
import time
from collections.abc import Callable

import numpy as np

import motion_engine

SECONDS = 9.8
TEXT = "a person walks forward, then waves with the right hand"
STAGES = {
    "backbone": "advance",
    "depth decoder": "logits",
    "sampling": "sample_codes",
    "guidance": "guided",
    "codec": "step",
    "contacts": "lock_feet",
    "features": "decode_features",
}


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    """Median wall time of ``repeats`` runs after one warm-up."""
    run()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def stage_shares(run: Callable[[], object]) -> dict[str, float]:
    """The share of each stage in the time of a run."""
    profile = cProfile.Profile()
    profile.runcall(run)
    stats = pstats.Stats(profile)
    own = {name: entry[3] for (path, _, name), entry in stats.stats.items() if "motion_" in path}
    return {stage: own.get(name, 0.0) / stats.total_tt for stage, name in STAGES.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="default")
    parser.add_argument("--runtime", default="auto")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    began = time.perf_counter()
    model = motion_engine.load(options.model, options.runtime)
    loading = time.perf_counter() - began
    command = motion_engine.Command(TEXT, seconds=SECONDS, seed=1)
    takes = [motion_engine.Command(TEXT, SECONDS, seed=1, variation=i) for i in range(8)]

    def clip():
        motion_engine.generate_motion(command, model)

    figures = {
        "clip_s": median_seconds(clip, options.repeats),
        "first_chunk_s": median_seconds(lambda: next(model.generate(command)), options.repeats),
        "load_s": loading,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "eight_takes_s": median_seconds(lambda: motion_engine.generate_motions(takes, model), 1),
        "numpy": np.__version__,
        "stages": stage_shares(clip),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
