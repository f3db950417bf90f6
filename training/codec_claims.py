"""What the papers say of their tokenizers, and whether our own table says the same."""

from dataclasses import asdict, dataclass

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
    """Every claim with both figures and ``reproduced``: true, false, or None without both."""
    return [_judged(claim, rows) for claim in CLAIMS]


def _judged(claim: Claim, rows: dict[str, dict]) -> dict:
    better, worse = (
        rows.get(name, {}).get("clips", {}).get(claim.clips, {}).get(claim.figure)
        for name in (claim.better, claim.worse)
    )
    known = better is not None and worse is not None
    figures = {"better_figure": better, "worse_figure": worse}
    return asdict(claim) | figures | {"reproduced": better < worse if known else None}
