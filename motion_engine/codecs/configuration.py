"""Every codec by name, as ``training.train_codec --codec`` takes it, and its form in JSON."""

import math
from dataclasses import asdict, dataclass

from ..errors import LimberError
from ..features import FeatureLayout
from ..models.configuration import PRQConfig
from ..parts import Part
from .part_tables import PART_TABLES, parts_of

NETWORKS = ("parts", "image", "part_aware", "convolution")
QUANTIZERS = ("residual", "scalar", "lookup_free")
ORDERS = ("hands_first", "body_first", "apart")


@dataclass(frozen=True)
class CodecConfig:
    """Sizes of a codec other than the default PRQ.

    - ``network``: ``parts`` (each part on its own, as PRQ; ``whole`` is a single part), ``image``
      (motion as a one-channel image), ``part_aware`` (hands and body), ``convolution`` (VerMo's).
    - ``quantizer``: ``residual`` (``layers`` of ``codebook_size`` codes, from one codebook or from
      ``own_codebooks`` of the layers), ``scalar`` (FSQ with these ``levels``) or ``lookup_free``
      (LFQ, ``len(levels)`` bits).
    - ``components`` belongs to ``image``, ``order`` to ``part_aware``.
    """

    network: str = "parts"
    quantizer: str = "residual"
    part_table: str = "whole"
    joints: int = 52
    width: int = 256
    latent_size: int = 64
    codebook_size: int = 1024
    layers: int = 1
    own_codebooks: bool = False
    levels: tuple[int, ...] = ()
    downsampling: int = 4
    encoder_blocks: int = 3
    decoder_blocks: int = 4
    components: int = 8
    order: str = "hands_first"

    def __post_init__(self):
        known = (
            (self.network, NETWORKS),
            (self.quantizer, QUANTIZERS),
            (self.part_table, tuple(PART_TABLES)),
            (self.order, ORDERS),
        )
        for value, choices in known:
            if value not in choices:
                raise LimberError(f"a codec's configuration says {value!r}; choose from {choices}.")
        if self.network == "part_aware" and self.joints != 52:
            raise LimberError("a part-aware codec has a codebook for hands; it needs 52 joints.")
        if (self.quantizer != "residual") != bool(self.levels):
            raise LimberError("levels belong to scalar and lookup-free quantizers, and only there.")

    @property
    def layout(self) -> FeatureLayout:
        return FeatureLayout(self.joints)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is quantized in a token frame; the bands of an image own no joints."""
        if self.network == "image":
            return tuple(Part(f"component{i}") for i in range(self.components))
        return parts_of(self.part_table, self.layout)

    @property
    def quantized_size(self) -> int:
        """Size of the vectors that are quantized."""
        return len(self.levels) or self.latent_size

    @property
    def cardinality(self) -> int:
        return math.prod(self.levels) if self.levels else self.codebook_size


AnyCodecConfig = PRQConfig | CodecConfig

_FSQ = {"quantizer": "scalar", "levels": (7, 5, 5, 5, 5)}
_LFQ = {"quantizer": "lookup_free", "levels": (2,) * 14}
_PART_AWARE = {"network": "part_aware", "part_table": "body_and_hands", "codebook_size": 512}

CODECS: dict[str, AnyCodecConfig] = {
    "vq512": CodecConfig(codebook_size=512),
    "vq1024": CodecConfig(),
    "rvq6": CodecConfig(codebook_size=512, layers=6, own_codebooks=True),
    "rvq8": CodecConfig(layers=8),
    "fsq": CodecConfig(**_FSQ),
    "fsq65536": CodecConfig(quantizer="scalar", levels=(8, 8, 8, 8, 4, 4)),
    "lfq1d": CodecConfig(**_LFQ),
    "lfq2d": CodecConfig(network="image", **_LFQ),
    "prq": PRQConfig(),
    "prq6": PRQConfig(layers=6),
    "prq_unshared": CodecConfig(part_table="unshared", layers=4),
    "prq_five": CodecConfig(part_table="five", layers=4),
    "prq_five6": CodecConfig(part_table="five", layers=6),
    "part_aware": CodecConfig(**_PART_AWARE),
    "part_aware_body_first": CodecConfig(**_PART_AWARE, order="body_first"),
    "part_aware_apart": CodecConfig(**_PART_AWARE, order="apart"),
    "flowvq": CodecConfig(network="convolution", width=512, **_FSQ),
    "flowvq256": CodecConfig(network="convolution", **_FSQ),
    "convolution_vq1024": CodecConfig(network="convolution"),
}


@dataclass(frozen=True)
class FlowConfig:
    """Sizes of the flow decoder, whose places are token frames.

    ``coarse_blocks`` read the coarse decoding, ``lookahead`` token frames ahead; ``blocks`` of
    attention, which look back on ``history`` token frames each, run at every step. ``steps`` of the
    sampler are the default; ``shift`` is that of the noise schedule.
    """

    width: int = 192
    coarse_blocks: int = 4
    blocks: int = 4
    heads: int = 6
    history: int = 8
    lookahead: int = 2
    steps: int = 4
    shift: float = 3.0

    def __post_init__(self):
        if self.lookahead > self.coarse_blocks:
            raise LimberError("a flow looks ahead by at most one token frame per coarse block.")


FLOWS: dict[str, FlowConfig] = {
    "small": FlowConfig(),
    "paper": FlowConfig(width=512, blocks=8, heads=8, steps=28),
}


@dataclass(frozen=True)
class FlowCodecConfig:
    """A ``codec`` with a flow decoder on top."""

    codec: AnyCodecConfig
    flow: FlowConfig

    @property
    def joints(self) -> int:
        return self.codec.joints


WholeCodecConfig = AnyCodecConfig | FlowCodecConfig


def runs_on_numpy(config: WholeCodecConfig) -> bool:
    """Whether ``numpy_prq`` can run a codec: parts apart, residual layers of one codebook."""
    if isinstance(config, CodecConfig):
        is_residual = config.quantizer == "residual" and not config.own_codebooks
        return config.network == "parts" and is_residual
    return isinstance(config, PRQConfig)


def named_codec(name: str) -> AnyCodecConfig:
    """The configuration of that name; raises LimberError."""
    if name not in CODECS:
        raise LimberError(f"there is no codec {name!r}; choose from {', '.join(CODECS)}.")
    return CODECS[name]


def codec_to_json(config: WholeCodecConfig) -> dict:
    return asdict(config)


def codec_from_json(values: dict, origin: str = "this") -> WholeCodecConfig:
    """The configuration that a run or a model's folder holds; raises LimberError."""
    try:
        if "flow" in values:
            flow = FlowConfig(**values["flow"])
            return FlowCodecConfig(codec_from_json(values["codec"], origin), flow)
        if "network" not in values:
            return PRQConfig(**values)
        return CodecConfig(**(values | {"levels": tuple(values["levels"])}))
    except (KeyError, TypeError) as error:
        raise LimberError(
            f"{origin} does not describe a codec ({error}); choose another."
        ) from error


if __name__ == "__main__":
    print("\n".join(CODECS))
