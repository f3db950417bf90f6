"""What ``limber evaluate --adherence`` and ``--captions`` run; also ``python -m training.evaluate``."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import motion_engine
from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.generation.directed import Direction, directed_motions
from motion_engine.models.model import Model, generate_motions
from motion_engine.motion import Motion
from training.adherence.bars import bars_table
from training.adherence.chart import write_chart
from training.adherence.isolation import isolation_table
from training.adherence.prompts import GROUPS, HALVES, Prompt, load_prompts
from training.adherence.suite import Generate, judge, report, strays, table
from training.captioned_clips import windows
from training.joint_range import IN_ACTION, recorded_clips
from training.quality import Naturalness, Quality, mean_quality, measure, quality_table

SEEDS = 3
CLIPS = 150


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
    whose quality is printed beside that of the generated ones, see :func:`quality_of_folder`.
    ``prompts`` are all of the suite by default, ``generate`` the named model. Raises LimberError.
    """
    if seeds < 1:
        raise LimberError(f"Cannot judge {seeds} seeds; ask for 1 or more.")
    prompts = load_prompts() if prompts is None else prompts
    real = None if real_folder is None else quality_of_folder(Path(real_folder))
    for path in (out_json, out_chart):
        if path is not None and not Path(path).parent.is_dir():
            raise LimberError(f"{path}: no such folder; make it first.")
    generate = generate or generate_with(motion_engine.load(model_name))
    with _Progress(len(prompts) * seeds) as progress:
        verdicts = judge(generate, prompts, seeds, progress)
    result = report(verdicts, model=str(model_name), seeds=seeds)
    print(table(verdicts))
    print(bars_table(result["bars"]))
    if still := strays(verdicts):
        print(isolation_table(still))
    generated = mean_quality((v.quality, v.prompt.seconds) for v in verdicts)
    rows = {"generated": generated}
    if real is not None:
        rows["real"] = real
        natural = Naturalness.of(generated, real)
        result["quality"] |= {"real": asdict(real), "naturalness": natural.rows()}
    print(quality_table(rows))
    if real is not None:
        print(natural.table())
    if out_json is not None:
        _write_json(result, Path(out_json))
    if out_chart is not None:
        write_chart(result, Path(out_chart))
    return result


def quality_of_folder(folder: Path) -> Quality:
    """Mean quality of the motions of a folder; raises LimberError where it has none.

    Of a folder of ``training.prepare`` the held-out clips of people in action, in windows as long
    as training clips (idling, half of what is held out, would make the prompts' actions look worse
    than they are); of another all ``.npz`` in depth.
    """
    if (folder / "index.json").is_file():
        clips = recorded_clips(folder, held_out=True, families=IN_ACTION)
        motions = (window for clip in clips for window in windows(clip))
    else:
        motions = (Motion.load(path) for path in sorted(folder.rglob("*.npz")))
    quality = mean_quality((measure(motion), motion.seconds) for motion in motions)
    if quality is None:
        raise LimberError(f"{folder}: no .npz motions there; make them with training.prepare.")
    return quality


def evaluate_captions(
    model: str | Model, corpus: Path, clips: int = CLIPS, out_json: str | os.PathLike | None = None
) -> dict:
    """Print how right the captions of held-out clips are; see :mod:`training.caption_accuracy`."""
    from training.caption_accuracy import describe_with, run_captions

    model = motion_engine.load(model) if isinstance(model, str) else model
    result = run_captions(describe_with(model), corpus, clips)
    if out_json is not None:
        _write_json(result, Path(out_json))
    return result


def evaluate_retrieval(options: argparse.Namespace) -> dict:
    """Print R-precision, Fréchet distances and diversity; see :mod:`training.retrieval_report`."""
    if not (options.corpus and options.real):
        raise LimberError("--retrieval needs --corpus and --real (a folder of training.prepare).")
    from training.retrieval_report import run_retrieval

    model = motion_engine.load(options.model)
    result = run_retrieval(
        model, options.retrieval, options.corpus, Path(options.real), options.clips
    )
    if options.json is not None:
        _write_json(result, Path(options.json))
    return result


def generate_with(model: Model) -> Generate:
    """Plain texts at once, everything else one after the other, as the command makes them."""

    def generate(asked: Sequence[Direction]) -> list[Motion]:
        plain = [direction.command for direction in asked if direction.is_plain]
        made = iter(generate_motions(plain, model) if plain else ())
        return [
            next(made) if direction.is_plain else directed_motions(direction, 1, model)[0]
            for direction in asked
        ]

    return generate


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
    parser.add_argument(
        "--captions",
        type=Path,
        metavar="CORPUS",
        help="judge the model's captions of a corpus with an unused seed instead",
    )
    parser.add_argument(
        "--retrieval",
        type=Path,
        metavar="RUN",
        help="real, procedural and generated clips in the space of training.train_retrieval instead",
    )
    parser.add_argument("--corpus", type=Path, help="with --retrieval: of an unused seed")
    parser.add_argument("--clips", type=int, default=CLIPS, help="with these two: so many")
    options = parser.parse_args(arguments)
    try:
        if options.captions:
            evaluate_captions(options.model, options.captions, options.clips, options.json)
        elif options.retrieval:
            evaluate_retrieval(options)
        else:
            prompts = [
                prompt
                for prompt in load_prompts()
                if options.half in (None, prompt.half) and options.group in (None, prompt.group)
            ]
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
