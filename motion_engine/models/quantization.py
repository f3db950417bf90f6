"""Networks of transformers at the asked precision, quantized as they come from the disk."""

import logging
from pathlib import Path

import torch
import transformers
from torch import nn
from transformers import BitsAndBytesConfig, PreTrainedModel

from ..errors import LimberError

# LLM.int8 (Dettmers et al., 2022), and the 4-bit normal float of QLoRA (Dettmers et al., 2023).
_QUANTIZATION = {
    "int8": {"load_in_8bit": True},
    "nf4": {
        "load_in_4bit": True,
        "bnb_4bit_quant_type": "nf4",
        "bnb_4bit_compute_dtype": torch.bfloat16,
    },
}


def load_network(
    kind: type, folder: Path | None, precision: str, device: torch.device, **options
) -> PreTrainedModel:
    """``kind.from_pretrained``, weight by weight straight onto the device; for inference alone.

    Raises LimberError if weights are missing or of another shape than the configuration says, or
    if what quantizes them is too old.
    """
    # Neither a bar for each load nor a line for each product.
    transformers.utils.logging.disable_progress_bar()
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    if precision in _QUANTIZATION:
        options["quantization_config"] = BitsAndBytesConfig(**_QUANTIZATION[precision])
    try:
        network, found = kind.from_pretrained(
            folder,
            dtype=torch.float32 if precision == "fp32" else torch.bfloat16,
            device_map={"": device},
            output_loading_info=True,
            use_safetensors=True,
            local_files_only=True,
            **options,
        )
    except ImportError as error:
        raise LimberError(f"--precision {precision} on {device}: {error}") from error
    if found["missing_keys"] or found["mismatched_keys"]:
        raise LimberError(f"{folder}: the weights do not fit config.json; fetch this model again.")
    if precision == "nf4":
        _keep_from_packing(network)
    return network.eval()


def _keep_from_packing(network: nn.Module) -> None:
    """On processors with AVX512, bitsandbytes repacks 4-bit layers at their first use, and fails
    where they do not consist of whole blocks; such layers can do without."""
    from bitsandbytes.nn import Linear4bit

    for layer in network.modules():
        if isinstance(layer, Linear4bit) and (layer.in_features % 64 or layer.out_features % 32):
            layer.support_avx512bf16_for_cpu = False
