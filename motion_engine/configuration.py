"""Sizes of the codec and of the token model, as ``config.json`` of a model's folder holds them."""

from dataclasses import dataclass, field

from .control import ControlLayout
from .features import FeatureLayout
from .parts import DEFAULT_PARTS, Part

SPECIAL_TOKENS = ("text", "motion", "audio", "agent", "end")
SENTENCE_HEADS = 4


@dataclass(frozen=True)
class PRQConfig:
    joints: int = 52
    width: int = 256
    latent_size: int = 64
    codebook_size: int = 1024
    layers: int = 4
    downsampling: int = 4
    encoder_blocks: int = 3
    decoder_blocks: int = 4

    @property
    def layout(self) -> FeatureLayout:
        return FeatureLayout(self.joints)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(p for p in DEFAULT_PARTS if len(p.own_columns(self.layout)))


def default_groups(parts: tuple[str, ...], layers: int) -> tuple[tuple[int, ...], ...]:
    """Stream groups: the first layer from the root outwards, then one group for each layer."""
    outwards = (("root",), ("torso", "left_leg", "right_leg"))
    named = {name for group in outwards for name in group}
    rest = tuple(name for name in parts if name not in named)
    first = [[parts.index(name) * layers for name in group] for group in (*outwards, rest)]
    finer = [[p * layers + layer for p in range(len(parts))] for layer in range(1, layers)]
    return tuple(tuple(group) for group in first + finer)


@dataclass(frozen=True)
class TokenModelConfig:
    """Sizes of the token model; ``groups`` partition the K streams in the order of sampling."""

    parts: int = 9
    layers: int = 4
    codebook_size: int = 1024
    latent_size: int = 64
    word_size: int = 128
    pose_size: int = 320
    width: int = 384
    blocks: int = 6
    heads: int = 6
    feed_forward: int = 1024
    depth_width: int = 256
    depth_blocks: int = 3
    depth_heads: int = 4
    groups: tuple[tuple[int, ...], ...] = field(default=())

    @property
    def streams(self) -> int:
        return self.parts * self.layers

    @property
    def control(self) -> ControlLayout:
        return ControlLayout(self.parts, self.latent_size, self.pose_size)

    @staticmethod
    def from_json(values: dict) -> "TokenModelConfig":
        groups = tuple(tuple(group) for group in values["groups"])
        return TokenModelConfig(**(values | {"groups": groups}))
