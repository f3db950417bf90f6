"""What ``limber evaluate --adherence`` runs; also ``python -m training.evaluate``."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import motion_engine
from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.motion import Motion
from training.adherence.chart import write_chart
from training.adherence.prompts import GROUPS, HALVES, Prompt, load_prompts
from training.adherence.suite import Generate, judge, report, table
from training.quality import Quality, mean_quality, measure, quality_table

SEEDS = 3


def run_adherence(
    model_name: str = "default",
    seeds: int = SEEDS,
    out_json: str | os.PathLike | None = None,
    out_chart: str | os.PathLike | None = None,
    *,
    real_folder: str | os.PathLike | None = None,
    prompts: Sequence[Prompt] | None = None,
    generate: Generate | None = None,
) -> dict:
    """Generate every prompt ``seeds`` times, print success by group, and return the report.

    ``out_json`` and ``out_chart`` (PNG) are written when given. ``real_folder`` holds motions
    (``.npz``, searched in depth) whose quality is printed beside that of the generated ones.
    ``prompts`` are all 160 by default, ``generate`` the named model. Raises LimberError.
    """
    if seeds < 1:
        raise LimberError(f"Cannot judge {seeds} seeds; ask for 1 or more.")
    prompts = load_prompts() if prompts is None else prompts
    real = None if real_folder is None else quality_of_folder(Path(real_folder))
    for path in (out_json, out_chart):
        if path is not None and not Path(path).parent.is_dir():
            raise LimberError(f"{path}: no such folder; make it first.")
    generate = generate or _generate_with(model_name)
    with _Progress(len(prompts) * seeds) as progress:
        verdicts = judge(generate, prompts, seeds, progress)
    result = report(verdicts, model=str(model_name), seeds=seeds)
    print(table(verdicts))
    rows = {"generated": mean_quality((v.quality, v.prompt.seconds) for v in verdicts)}
    if real is not None:
        rows["real"] = real
        result["quality"]["real"] = asdict(real)
    print(quality_table(rows))
    if out_json is not None:
        _write_json(result, Path(out_json))
    if out_chart is not None:
        write_chart(result, Path(out_chart))
    return result


def quality_of_folder(folder: Path) -> Quality:
    """Mean quality of all ``.npz`` motions under a folder; raises LimberError where it has none."""
    motions = (Motion.load(path) for path in sorted(folder.rglob("*.npz")))
    quality = mean_quality((measure(motion), motion.seconds) for motion in motions)
    if quality is None:
        raise LimberError(f"{folder}: no .npz motions there; make them with training.prepare.")
    return quality


def _generate_with(model_name: str) -> Generate:
    return partial(motion_engine.generate_motions, model=motion_engine.load(model_name))


def _write_json(result: dict, path: Path) -> None:
    with replaced_when_done(path) as temporary:
        temporary.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


class _Progress:
    """A bar with the time left, on a terminal only."""

    def __init__(self, clips: int):
        self.clips, self.bar = clips, None

    def __enter__(self) -> Callable[[int], object]:
        if not sys.stderr.isatty():
            return lambda clips: None
        from tqdm import tqdm

        self.bar = tqdm(total=self.clips, desc="adherence", unit="clip")
        return self.bar.update

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--model", default="default", help="a shipped model or a model folder")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--half", choices=HALVES, help="one half of the prompts only")
    parser.add_argument("--group", choices=GROUPS, help="one group of prompts only")
    parser.add_argument("--real", metavar="FOLDER", help="real motions to compare the quality with")
    parser.add_argument("--json", metavar="PATH", help="write the report there")
    parser.add_argument("--chart", metavar="PATH", help="write a chart (PNG) there")
    options = parser.parse_args(arguments)
    prompts = [
        prompt
        for prompt in load_prompts()
        if options.half in (None, prompt.half) and options.group in (None, prompt.group)
    ]
    try:
        run_adherence(
            options.model, options.seeds, options.json, options.chart,
            real_folder=options.real, prompts=prompts,
        )  # fmt: skip
    except LimberError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
