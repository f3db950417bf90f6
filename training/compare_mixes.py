"""What belongs into the token model's training: small models whose trainings differ in one thing.

    python -m training.compare_mixes --codec RUNS/codec --tokens RUNS/tokens --mocap PREPARED \
        --held-out CORPUS --out RUNS/mixes

Every variant is ``training.train_token_model`` from scratch with some options more, for the same
number of steps. Those that are done are not trained again. All are judged on the same clips that no
training saw; what another seed of the baseline changes is noise.
"""

import argparse
import json
import sys
from pathlib import Path

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.models.reader import Reader

from .mix_exam import Exam, HeldOutClip, held_out_clips, shipped_reader
from .run import exit_status
from .train_token_model import TokenModelTrainer
from .train_token_model import arguments as training_arguments

SMALL = ("--width", "128", "--blocks", "4", "--depth-width", "128", "--depth-blocks", "2",
         "--batch", "16", "--rate", "2e-3", "--steps", "800", "--minutes", "600")  # fmt: skip
BASELINES = ("baseline", "seed_1", "seed_2")
VARIANTS = {
    "baseline": (),
    "seed_1": ("--seed", "1"),
    "no_parts": ("--share", "commands=0"),
    # Prediction and in-betweening: no codes and no poses are given.
    "no_given": ("--share", "locks=0", "locks_beside_commands=0", "keys=0"),
    "no_long": ("--share", "long=0"),
    "real_0": ("--share", "real=0"),
    "real_15": ("--share", "real=0.15"),
    "real_50": ("--share", "real=0.5"),
    "text_loss": ("--text-weight", "0.05"),
    "seed_2": ("--seed", "2"),
}
"""What the options of the training are, beside those of the baseline."""
CLEARLY = 2.0
"""A difference is marked that is so many times what the baseline's seeds differ by at most."""


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """``training`` are the options that are not of this command but of the training."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="All other options are given to training.train_token_model, for every variant.",
        allow_abbrev=False,
    )
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, required=True)
    parser.add_argument("--mocap", type=Path, required=True, help="folder of training.prepare")
    parser.add_argument("--held-out", type=Path, required=True, metavar="CORPUS",
                        help="clips of a seed that the tokens do not hold")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="folder of all runs and figures")
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=VARIANTS)
    parser.add_argument("--clips", type=int, default=100, help="of each kind to judge by, at most")
    parser.add_argument("--read", type=int, default=0, metavar="CLIPS",
                        help="make so many, and count the labels that the shipped reader sees")  # fmt: skip
    options, options.training = parser.parse_known_args(given)
    return options


def compared(options: argparse.Namespace) -> dict[str, dict]:
    """Figures of all variants that are done; ``mixes.json`` and ``table.txt`` in ``options.out``
    hold them after each."""
    clips = held_out_clips(options.codec, options.mocap, options.held_out, options.clips)
    reader = shipped_reader(options.codec) if options.read else None
    options.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict] = {}
    for name in options.variants:
        found[name] = figures_of(name, options, clips, reader)
        _write(options.out / "mixes.json", json.dumps(found, indent=1))
        _write(options.out / "table.txt", table(found))
    print(table(found))
    return found


def figures_of(
    name: str,
    options: argparse.Namespace,
    clips: dict[str, list[HeldOutClip]],
    reader: Reader | None,
) -> dict[str, float]:
    """Of a variant, trained and judged unless it was before; raises LimberError where it was trained
    in another way."""
    folder, path = options.out / name, options.out / name / "figures.json"
    training = [*SMALL, *options.training, *VARIANTS[name]]
    judged = {"clips": options.clips, "read": options.read}
    done = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    if done and done["training"] != training:
        raise LimberError(f"{folder} was trained with other options; choose a new --out.")
    if done and done["judged"] == judged:
        return done["figures"]
    print(f"{name}: {' '.join(training)}", flush=True)
    places = ["--codec", options.codec, "--tokens", options.tokens, "--out", folder]
    trainer = TokenModelTrainer(training_arguments([*map(str, places), *training]))
    trainer.run()
    exam = Exam(trainer)
    figures = exam.figures(clips)
    if reader is not None:
        figures |= exam.label_figures(clips["procedural"][: options.read], reader)
    report = {"training": training, "judged": judged, "figures": figures}
    _write(path, json.dumps(report, indent=1))
    return figures


def table(found: dict[str, dict[str, float]]) -> str:
    """The mean of the baseline's seeds, what they differ by at most, and how far the variants are
    from that mean."""
    seeds = [found[name] for name in BASELINES if name in found]
    if not seeds:
        return "no baseline yet"
    others = [name for name in found if name not in BASELINES]
    lines = [_line("", ["baseline", "seeds", *others])]
    for figure in seeds[0]:
        values = [figures[figure] for figures in seeds]
        mean, noise = sum(values) / len(values), max(values) - min(values)
        cells = [f"{mean:.3f}", f"{noise:.3f}" if len(values) > 1 else "?"]
        for name in others:
            change = found[name][figure] - mean
            mark = "*" if len(values) > 1 and abs(change) > CLEARLY * noise else " "
            cells.append(f"{change:+.3f}{mark}")
        lines.append(_line(figure, cells))
    return "\n".join(lines)


def _line(name: str, cells: list[str]) -> str:
    return (f"{name:<34}" + "".join(f"{cell:>11}" for cell in cells)).rstrip()


def _write(path: Path, text: str) -> None:
    with replaced_when_done(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def main(given: list[str] | None = None) -> int:
    return exit_status(lambda: compared(arguments(given)))


if __name__ == "__main__":
    sys.exit(main())
