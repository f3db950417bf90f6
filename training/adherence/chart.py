"""The picture of a report: success by group, seen beside unseen."""

from pathlib import Path

from motion_engine.files import replaced_when_done
from training.adherence.prompts import GROUPS, HALVES

COLOURS = {"seen": "#33658a", "unseen": "#f6ae2d"}
BAR = 0.38


def write_chart(report: dict, path: Path) -> None:
    """A PNG of horizontal bars from a report of :func:`training.adherence.suite.report`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = ["all", *reversed(GROUPS)]
    figure = Figure(figsize=(8.0, 8.0), layout="constrained")
    axes = figure.subplots()
    for offset, half in zip((BAR / 2, -BAR / 2), HALVES):
        results = [_result(report, row, half) for row in rows]
        heights = [place + offset for place in range(len(rows))]
        shares = [100.0 * result["share"] for result in results]
        axes.barh(heights, shares, BAR, color=COLOURS[half], label=f"{half} wording")
        for height, result in zip(heights, results):
            label = f"{result['passed']}/{result['clips']}"
            axes.text(100.0 * result["share"] + 1.0, height, label, va="center", fontsize=7)
    chance = 100.0 * report["chance"]["share"]
    axes.axvline(
        chance, color="grey", linestyle=":", label=f"another prompt's clip: {chance:.0f} %"
    )
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xlim(0.0, 108.0)
    axes.set_xlabel("clips that do what the sentence says, %")
    axes.set_title(f"Adherence of {report.get('model', 'the model')}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", fontsize=8)
    with replaced_when_done(path) as temporary:
        FigureCanvasAgg(figure).print_figure(temporary, format="png", dpi=120)


def _result(report: dict, row: str, half: str) -> dict:
    return report["halves"][half] if row == "all" else report["groups"][row][half]
