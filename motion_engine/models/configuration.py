"""Sizes of the codec and of the token model, as ``config.json`` of a model's folder holds them."""

import re
from dataclasses import asdict, dataclass, field

from ..errors import LimberError
from ..features import FeatureLayout
from ..generation.action_plan import ActionLabels
from ..generation.control import ControlLayout
from ..parts import DEFAULT_PARTS, Part

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
    """Stream groups: the first layer from the root outwards, then one group for each layer.

    What is no part of the default table (the whole body, bands of an image) comes one by one.
    """
    outwards = (("root",), ("torso", "left_leg", "right_leg"))
    named = {name for group in outwards for name in group}
    known = {part.name for part in DEFAULT_PARTS}
    rest = tuple(name for name in parts if name in known - named)
    others = tuple((name,) for name in parts if name not in known)
    first = [
        [parts.index(name) * layers for name in group if name in parts]
        for group in (*outwards, rest, *others)
    ]
    finer = [[p * layers + layer for p in range(len(parts))] for layer in range(1, layers)]
    return tuple(tuple(group) for group in first + finer if group)


@dataclass(frozen=True)
class BackboneSource:
    """Where a token model's language model comes from.

    With a ``revision``, ``source`` is a name of the Hugging Face hub, pinned to that commit;
    without, a folder, absolute or relative to the token model's own.
    """

    source: str
    revision: str | None = None

    def __post_init__(self):
        if not isinstance(self.source, str) or not self.source.strip():
            raise LimberError("the backbone's source is empty; give a folder or a hub name.")
        if self.revision is None:
            return
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", self.source):
            raise LimberError(
                f"'{self.source}' with a revision is no hub name; write owner/name, or leave the "
                "revision out for a folder."
            )
        if not re.fullmatch(r"[0-9a-f]{40}", str(self.revision)):
            raise LimberError(
                f"revision '{self.revision}' of {self.source} may change; give the commit, 40 hex "
                "digits, as the hub's page 'Files' shows it."
            )


@dataclass(frozen=True)
class PlannerConfig:
    """Sizes of the planner, see ``models.planner``."""

    width: int = 192
    blocks: int = 4
    heads: int = 6


@dataclass(frozen=True)
class ReaderConfig:
    """Sizes of the reader, see ``models.reader``; a frame sees ``reach`` token frames each way."""

    width: int = 160
    blocks: int = 3
    heads: int = 5
    reach: int = 24


@dataclass(frozen=True)
class TokenModelConfig:
    """Sizes of the token model; ``groups`` partition the K streams in the order of sampling.

    With a ``backbone``, a language model takes the place of the small Llama whose sizes stand
    here as ``word_size``, ``blocks``, ``heads`` and ``feed_forward``; ``width`` is its own.
    A model that ``speaks`` can also describe motion in words of the vocabulary.

    ``parts`` are the vectors that the codec quantizes in a token frame, in ``layers`` each. Where
    its streams have ``own_codebooks``, the codes of stream k lie in the rows of the tables from
    ``k * codebook_size`` on; else all streams share them.

    A model with ``action_labels`` hears plans: what is done when.
    """

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
    speaks: bool = False
    groups: tuple[tuple[int, ...], ...] = field(default=())
    backbone: BackboneSource | None = None
    own_codebooks: bool = False
    action_labels: ActionLabels | None = None

    @property
    def streams(self) -> int:
        return self.parts * self.layers

    @property
    def table_rows(self) -> int:
        """Rows of the tables of code vectors."""
        return self.codebook_size * (self.streams if self.own_codebooks else 1)

    @property
    def control(self) -> ControlLayout:
        labels = len(self.action_labels.names) if self.action_labels else 0
        return ControlLayout(self.parts, self.latent_size, self.pose_size, labels)

    @staticmethod
    def from_json(values: dict) -> "TokenModelConfig":
        """From ``config.json``; KeyError or TypeError where it describes something else."""
        groups = tuple(tuple(group) for group in values["groups"])
        backbone = values.get("backbone") and BackboneSource(**values["backbone"])
        labels = values.get("action_labels") and ActionLabels(
            *(tuple(values["action_labels"][name]) for name in ("names", "lower"))
        )
        own = {"groups": groups, "backbone": backbone, "action_labels": labels}
        return TokenModelConfig(**(values | own))

    def to_json(self) -> dict:
        """What ``config.json`` holds: without what is not used, such as the small Llama's sizes."""
        values = asdict(self)
        unused = (
            ("word_size", "blocks", "heads", "feed_forward") if self.backbone else ("backbone",)
        )
        unused += () if self.own_codebooks else ("own_codebooks",)
        unused += () if self.action_labels else ("action_labels",)
        return {name: value for name, value in values.items() if name not in unused}
