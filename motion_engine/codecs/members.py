"""From a codec's configuration to the codec."""

import torch
from torch import Tensor, nn

from ..errors import LimberError
from ..models.configuration import PRQConfig
from .configuration import FlowCodecConfig, WholeCodecConfig
from .convolution_codec import ConvolutionCodec
from .flow_codec import FlowCodec
from .image_codec import ImageCodec
from .part_aware import PartAware
from .prq import PRQ
from .residual_quantizer import TRAINING_STATE
from .torch_codec import TorchCodec

NETWORKS: dict[str, type[TorchCodec]] = {
    "parts": PRQ,
    "image": ImageCodec,
    "part_aware": PartAware,
    "convolution": ConvolutionCodec,
}


def build_codec(config: WholeCodecConfig) -> TorchCodec | FlowCodec:
    """An untrained codec."""
    if isinstance(config, FlowCodecConfig):
        return FlowCodec(build_codec(config.codec), config.flow)
    return NETWORKS["parts" if isinstance(config, PRQConfig) else config.network](config)


def coarse_codec(codec: TorchCodec | FlowCodec) -> TorchCodec:
    """The codec itself, without a flow decoder on top."""
    return codec.codec if isinstance(codec, FlowCodec) else codec


def use_weights(module: nn.Module, weights: dict[str, Tensor], origin: str) -> None:
    """Give a codec its weights; raises LimberError where they are another codec's."""
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        raise LimberError(
            f"{origin}: these weights belong to another codec than its configuration says; train "
            "or export it again."
        ) from error


def stored_shapes(config: WholeCodecConfig) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the arrays that a codec's file holds; for those that numpy runs they are
    those of ``models.weight_shapes.codec_shapes``."""
    with torch.device("meta"):
        arrays = build_codec(config).state_dict()
    return {
        name: tuple(array.shape)
        for name, array in arrays.items()
        if name.rpartition(".")[2] not in TRAINING_STATE
    }
