"""The quantizer that a codec's configuration asks for."""

from torch import nn

from ..models.configuration import PRQConfig
from .configuration import AnyCodecConfig
from .lookup_free_quantizer import LookupFreeQuantizer
from .residual_quantizer import ResidualQuantizer
from .scalar_quantizer import ScalarQuantizer


def quantizer_of(config: AnyCodecConfig, parts: int) -> nn.Module:
    """A quantizer for ``parts`` vectors a token frame."""
    if isinstance(config, PRQConfig):
        return ResidualQuantizer(parts, config.layers, config.codebook_size, config.latent_size)
    if config.quantizer == "scalar":
        return ScalarQuantizer(config.levels)
    if config.quantizer == "lookup_free":
        return LookupFreeQuantizer(len(config.levels))
    return ResidualQuantizer(
        parts, config.layers, config.codebook_size, config.latent_size, config.own_codebooks
    )


def quantized_size(config: AnyCodecConfig) -> int:
    """Size of the vectors that are quantized."""
    return config.latent_size if isinstance(config, PRQConfig) else config.quantized_size
