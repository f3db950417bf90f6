"""Write a model folder that Limber loads, from the folders of two training runs.

    python -m training.export --codec runs/codec --token-model runs/token_model --out assets/default
"""

import argparse
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from motion_engine.codecs.prq import PRQ
from motion_engine.codecs.residual_quantizer import TRAINING_STATE
from motion_engine.configuration import PRQConfig, TokenModelConfig, default_groups
from motion_engine.locations import asset
from motion_engine.token_model import TokenModel
from motion_engine.vocabulary import Vocabulary
from motion_engine.weights import eight_bit_rows

from .run import load_checkpoint
from .tokens import load_codec

SMALLEST_EIGHT_BIT = 4096
FULL_PRECISION = ("codebook", "gains", "mean", "std", "code_table")


def stored_arrays(module: torch.nn.Module) -> dict[str, np.ndarray]:
    """Arrays to store: large matrices as 8-bit rows, what codes hang on and the rest as float16."""
    arrays = {}
    for name, tensor in module.state_dict().items():
        if name.rsplit(".", 1)[-1] in TRAINING_STATE:
            continue
        array = tensor.detach().float().numpy()
        exact = name.rsplit(".", 1)[-1] in FULL_PRECISION
        if array.ndim >= 2 and array.size >= SMALLEST_EIGHT_BIT and not exact:
            arrays[name], arrays[f"{name}.scale"] = eight_bit_rows(array)
        else:
            arrays[name] = array if exact else array.astype(np.float16)
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def write_model(codec: PRQ, token_model: TokenModel, folder: Path, made_by: str) -> None:
    """``config.json``, ``codec.safetensors`` and ``token_model.safetensors`` in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, module in (("codec", codec), ("token_model", token_model)):
        path = folder / f"{name}.safetensors"
        path.write_bytes(save(stored_arrays(module)))
        files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    config = {
        "format": 1,
        "codec": asdict(codec.config),
        "token_model": asdict(token_model.config),
        "files": files,
        "made_by": made_by,
    }
    text = json.dumps(config, indent=1)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")


def debug_model() -> tuple[PRQ, TokenModel]:
    """A tiny untrained model of the same kind, for tests."""
    torch.manual_seed(0)
    codec = PRQ(PRQConfig(width=16, latent_size=8, codebook_size=32, encoder_blocks=1))
    names = tuple(part.name for part in codec.config.parts)
    words = Vocabulary.load(asset("vocabulary"))
    config = TokenModelConfig(
        word_size=words.vectors.shape[1], codebook_size=32, latent_size=8, width=32, blocks=2, heads=2, feed_forward=64,
        depth_width=32, depth_blocks=1, depth_heads=2, groups=default_groups(names, 4),
    )  # fmt: skip
    token_model = TokenModel(config)
    token_model.use_codec(codec)
    # Untrained weights are near zero; larger ones let the text reach the codes.
    for weight in token_model.backbone.parameters():
        weight.data.mul_(5.0 if weight.ndim == 2 else 1.0)
    return codec, token_model


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", type=Path)
    parser.add_argument("--token-model", type=Path)
    parser.add_argument("--debug", action="store_true", help="write the tiny model of the tests")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(given)
    if options.debug:
        write_model(*debug_model(), options.out, "python -m training.export --debug")
        return
    codec = load_codec(options.codec)
    checkpoint = load_checkpoint(options.token_model)
    token_model = TokenModel(TokenModelConfig.from_json(checkpoint["config"]))
    prefix = "token_model."
    learned = checkpoint["model"].items()
    token_model.load_state_dict(
        {name.removeprefix(prefix): value for name, value in learned if name.startswith(prefix)}
    )
    write_model(codec, token_model, options.out, "make weights")


if __name__ == "__main__":
    main()
