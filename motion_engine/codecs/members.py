"""From a codec's configuration to the codec."""

from torch import Tensor

from ..configuration import PRQConfig
from ..errors import LimberError
from .configuration import AnyCodecConfig
from .convolution_codec import ConvolutionCodec
from .image_codec import ImageCodec
from .part_aware import PartAware
from .prq import PRQ
from .torch_codec import TorchCodec

NETWORKS: dict[str, type[TorchCodec]] = {
    "parts": PRQ,
    "image": ImageCodec,
    "part_aware": PartAware,
    "convolution": ConvolutionCodec,
}


def build_codec(config: AnyCodecConfig) -> TorchCodec:
    """An untrained codec."""
    return NETWORKS["parts" if isinstance(config, PRQConfig) else config.network](config)


def use_weights(module, weights: dict[str, Tensor], origin: str) -> None:
    """Give a codec its weights; raises LimberError where they are another codec's."""
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        raise LimberError(
            f"{origin}: these weights belong to another codec than its configuration says; train "
            "or export it again."
        ) from error
