"""What the papers say of their tokenizers, and whether our own table says the same."""

from dataclasses import asdict, dataclass

import numpy as np

RESAMPLES = 1000
PAPER_FIGURES = {
    "prq_five": "MotionCtrl: MPJPE 14.06 mm, FID 0.007 (HumanML3D)",
    "lfq2d": "Being-M0: MPJPE 45.6 mm (HumanML3D)",
}
"""As the papers state them, on their data, skeletons and frame rates: not comparable in size."""


@dataclass(frozen=True)
class Claim:
    """``better`` has the lower ``figure`` than ``worse`` on real clips, says ``paper``."""

    paper: str
    better: str
    worse: str
    figure: str = "mpjpe_body_mm"
    clips: str = "real"


CLAIMS = (
    Claim("MotionCtrl: PRQ of 4 layers beats RVQ of 8", "prq_five", "rvq8"),
    Claim("MotionCtrl: shared joints beat none", "prq", "prq_unshared"),
    Claim("VerMo: FSQ beats VQ", "fsq", "vq1024"),
    Claim("VerMo: FSQ beats VQ in its own network", "flowvq256", "convolution_vq1024"),
    Claim("VerMo: FlowVQ beats VQ", "flowvq256+flow@28", "convolution_vq1024"),
    Claim("VerMo: the flow decoder beats none", "flowvq256+flow@28", "flowvq256"),
    Claim("VerMo: the flow decoder beats none (Fréchet)", "flowvq256+flow@28", "flowvq256", "frechet"),
    Claim("MotionGPT-2: hands first beats body first", "part_aware", "part_aware_body_first",
          "mpjpe_mm", "procedural"),
    Claim("MotionGPT-2: hands first beats apart", "part_aware", "part_aware_apart",
          "mpjpe_mm", "procedural"),
)  # fmt: skip


def judged(rows: dict[str, dict]) -> list[dict]:
    """Every claim with both figures and ``reproduced``: true, false, or None without both.

    ``interval`` is the 95 % one of their difference over resamplings of the clips, where known.
    """
    return [_judged(claim, rows) for claim in CLAIMS]


def _judged(claim: Claim, rows: dict[str, dict]) -> dict:
    better, worse = (
        rows.get(name, {}).get("clips", {}).get(claim.clips, {})
        for name in (claim.better, claim.worse)
    )
    figures = better.get(claim.figure), worse.get(claim.figure)
    known = None not in figures
    return asdict(claim) | {
        "better_figure": figures[0],
        "worse_figure": figures[1],
        "reproduced": figures[0] < figures[1] if known else None,
        "interval": difference_interval(better, worse, claim.figure) if known else None,
    }


def difference_interval(better: dict, worse: dict, figure: str) -> tuple[float, float] | None:
    """2.5th and 97.5th percentile of how much higher the ``figure`` of ``better`` is, over
    resamplings of the clips that both were measured on; None where single clips are not known."""
    values = [clips.get("each_clip", {}).get(figure) for clips in (better, worse)]
    if None in values or len(values[0]) != len(values[1]):
        return None
    apart = np.subtract(*(np.array(each, dtype=float) for each in values))
    weights = np.array(better["each_clip"]["frames"], dtype=float)[np.isfinite(apart)]
    apart = apart[np.isfinite(apart)]
    if not len(apart):
        return None
    drawn = np.random.default_rng(0).integers(len(apart), size=(RESAMPLES, len(apart)))
    means = (weights * apart)[drawn].sum(1) / weights[drawn].sum(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)
