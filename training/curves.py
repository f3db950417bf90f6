"""Learning curves of training runs as a picture: python -m training.curves RUN... --out curves.png"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done

from .run import exit_status

AXES = ("step", "minutes")
COLUMNS = 3


def read_log(run: Path) -> dict[str, tuple[list[float], list[float]]]:
    """Steps and values of each figure in a run's ``log.jsonl``; raises LimberError."""
    path = Path(run) / "log.jsonl"
    if not path.is_file():
        raise LimberError(f"{path}: no such log; give the folder of a training run.")
    curves: dict[str, tuple[list[float], list[float]]] = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            line = json.loads(text)
            step = line["step"]
        except (ValueError, KeyError, TypeError) as error:
            raise LimberError(f"{path}:{number}: not a line of a training log.") from error
        for name in line.keys() - set(AXES):
            steps, values = curves.setdefault(name, ([], []))
            steps.append(step)
            values.append(line[name])
    if not curves:
        raise LimberError(f"{path}: holds no figures yet; wait for the first report.")
    return curves


def draw_curves(runs: Sequence[Path], out: Path) -> None:
    """One chart for each figure, one line for each run."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    logs = {Path(run).name: read_log(run) for run in runs}
    names = sorted({name for log in logs.values() for name in log})
    rows = -(-len(names) // COLUMNS)
    figure = Figure(figsize=(5.0 * COLUMNS, 3.2 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    for index, name in enumerate(names):
        chart = figure.add_subplot(rows, COLUMNS, index + 1)
        for run, log in logs.items():
            if name in log:
                chart.plot(*log[name], label=run, linewidth=1.0)
        chart.set_title(name)
        chart.set_xlabel("step")
        if all(value > 0 for log in logs.values() for value in log.get(name, ((), ()))[1]):
            chart.set_yscale("log")
    figure.axes[0].legend()
    with replaced_when_done(Path(out)) as temporary:
        figure.savefig(temporary, dpi=100)


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(given)
    return exit_status(lambda: draw_curves(options.runs, options.out))


if __name__ == "__main__":
    sys.exit(main())
