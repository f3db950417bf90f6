"""Write a model folder that Limber loads: from two training runs, or around a language model.

    python -m training.export --codec runs/codec --token-model runs/token_model --out assets/default
    python -m training.export --backbone models/qwen --out models/limber-qwen
    python -m training.export --backbone Qwen/Qwen3-1.7B --revision COMMIT --out models/limber-qwen

A model around a language model is untrained: its weights of our own are random, by ``--seed``.
"""

import argparse
import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.prq import PRQ
from motion_engine.codecs.residual_quantizer import TRAINING_STATE
from motion_engine.codecs.torch_codec import TorchCodec
from motion_engine.errors import LimberError
from motion_engine.files import replaced_when_done
from motion_engine.generation.action_plan import ActionLabels
from motion_engine.language.vocabulary import Vocabulary
from motion_engine.locations import asset
from motion_engine.models.configuration import (
    BackboneSource,
    PlannerConfig,
    PRQConfig,
    ReaderConfig,
    TokenModelConfig,
)
from motion_engine.models.language_model import language_model_config
from motion_engine.models.language_model_folder import find_language_model
from motion_engine.models.model_folder import FORMAT
from motion_engine.models.token_model import TokenModel, config_for
from motion_engine.models.weights import eight_bit_rows

from .planner_network import PlannerNetwork
from .reader_network import ReaderNetwork
from .run import load_checkpoint
from .tokens import load_codec

SMALLEST_EIGHT_BIT = 4096
FULL_PRECISION = (
    "codebook", "gains", "mean", "std", "code_table", "running_mean", "running_var"
)  # fmt: skip


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


def write_model(
    codec: TorchCodec | FlowCodec,
    token_model: TokenModel,
    folder: Path,
    made_by: str,
    planner: PlannerNetwork | None = None,
    reader: ReaderNetwork | None = None,
) -> None:
    """``config.json``, and one safetensors file each for the codec, the token model, the planner
    and the reader, in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    modules = {"codec": codec, "token_model": token_model}
    added = {"planner": planner, "reader": reader}
    added = {name: module for name, module in added.items() if module is not None}
    for name, module in (modules | added).items():
        data = save(stored_arrays(module))
        with replaced_when_done(folder / f"{name}.safetensors") as path:
            path.write_bytes(data)
        files[f"{name}.safetensors"] = hashlib.sha256(data).hexdigest()
    config = {
        "format": FORMAT,
        "codec": codec.to_json(),
        "token_model": token_model.config.to_json(),
        **{name: asdict(module.config) for name, module in added.items()},
        "files": files,
        "made_by": made_by,
    }
    text = json.dumps(config, indent=1)
    with replaced_when_done(folder / "config.json") as path:
        path.write_text(text + "\n", encoding="utf-8")


def debug_model() -> tuple[PRQ, TokenModel]:
    """A tiny untrained model of the same kind, for tests."""
    torch.manual_seed(0)
    codec = PRQ(PRQConfig(width=16, latent_size=8, codebook_size=32, encoder_blocks=1))
    words = Vocabulary.load(asset("vocabulary"))
    config = config_for(
        codec, word_size=words.vectors.shape[1], width=32, blocks=2, heads=2, feed_forward=64,
        depth_width=32, depth_blocks=1, depth_heads=2, speaks=True,
    )  # fmt: skip
    token_model = TokenModel(config)
    token_model.use_codec(codec)
    # Untrained weights are near zero; larger ones let the text reach the codes.
    for weight in token_model.backbone.parameters():
        weight.data.mul_(5.0 if weight.ndim == 2 else 1.0)
    return codec, token_model


def around_language_model(
    codec: TorchCodec | FlowCodec, source: BackboneSource, folder: Path
) -> TokenModel:
    """An untrained token model for ``folder`` whose backbone is a language model."""
    sizes = language_model_config(find_language_model(source, folder)).get_text_config()
    token_model = TokenModel(config_for(codec, width=sizes.hidden_size, backbone=source))
    token_model.use_codec(codec)
    # About as large as the language model's own inputs, or motion would drown the text.
    for embedding in (token_model.special, token_model.embed_codes):
        embedding.weight.data.mul_(getattr(sizes, "initializer_range", 0.02))
    return token_model


def backbone_source(name: str, revision: str | None, folder: Path) -> BackboneSource:
    """``--backbone`` as ``config.json`` of ``folder`` names it: what lies inside, relatively."""
    if revision is not None:
        return BackboneSource(name, revision)
    path = Path(name).resolve()
    if not path.is_dir():
        raise LimberError(
            f"{name}: no such folder; for a name of the hub, give --revision, its commit."
        )
    inside = path.is_relative_to(folder.resolve())
    return BackboneSource(path.relative_to(folder.resolve()).as_posix() if inside else str(path))


def trained_token_model(run: Path, codec: TorchCodec | FlowCodec) -> TokenModel:
    """The token model of a training run; raises LimberError if it speaks another codec's codes."""
    checkpoint = load_checkpoint(run)
    token_model = TokenModel(TokenModelConfig.from_json(checkpoint["config"]))
    prefix = "token_model."
    learned = checkpoint["model"].items()
    token_model.load_state_dict(
        {name.removeprefix(prefix): value for name, value in learned if name.startswith(prefix)}
    )
    vectors = codec.code_vectors()
    known = token_model.codebook, token_model.gains
    if any(
        mine.shape != theirs.shape or not torch.allclose(mine, theirs, atol=1e-4)
        for mine, theirs in zip(known, (vectors.table, vectors.gains))
    ):
        raise LimberError(
            f"{run}: this token model speaks the codes of another codec than --codec; name the one "
            "that it was trained with."
        )
    return token_model


def trained_planner(run: Path, labels: ActionLabels | None) -> PlannerNetwork:
    """The planner of a training run; raises LimberError if it plans other actions."""
    checkpoint = load_checkpoint(run)
    config, weights = _own_config(checkpoint, run, labels), checkpoint["model"]
    planner = PlannerNetwork(
        PlannerConfig(**config), weights["project_words.weight"].shape[1], len(weights["tokens"])
    )
    planner.load_state_dict(weights)
    return planner


def trained_reader(run: Path, labels: ActionLabels | None) -> ReaderNetwork:
    """The reader of a training run; raises LimberError if it reads other actions."""
    checkpoint = load_checkpoint(run)
    config, weights = _own_config(checkpoint, run, labels), checkpoint["model"]
    size, count = weights["project_parts.weight"].shape[1], len(weights["out.weight"])
    reader = ReaderNetwork(ReaderConfig(**config), size, count)
    reader.load_state_dict(weights)
    return reader


def _own_config(checkpoint: dict, run: Path, labels: ActionLabels | None) -> dict:
    """The configuration of a run without its labels, which must be ``labels``."""
    config = dict(checkpoint["config"])
    known = config.pop("labels")
    if labels is None or asdict(labels) != {name: tuple(known[name]) for name in known}:
        raise LimberError(
            f"{run}: this was trained for other actions than --token-model was taught; train both "
            "on the same clips."
        )
    return config


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codec", type=Path, help="a codec's training run, or a model's folder; "
                        "the shipped one by default")  # fmt: skip
    parser.add_argument("--planner", type=Path, help="a training run, of the same clips")
    parser.add_argument("--reader", type=Path, help="a training run, of the same clips")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--token-model", type=Path, help="a training run")
    kind.add_argument("--backbone", help="a language model's folder, or its name in the hub")
    kind.add_argument("--debug", action="store_true", help="write the tiny model of the tests")
    parser.add_argument("--revision", help="commit of a hub name, 40 hex digits")
    parser.add_argument("--seed", type=int, default=0, help="of untrained weights")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(given)
    if options.token_model and options.codec is None:
        parser.error("--token-model needs the --codec that it was trained with")
    return options


def main(given: list[str] | None = None) -> None:
    options = arguments(given)
    if options.debug:
        write_model(*debug_model(), options.out, "python -m training.export --debug")
        return
    codec = load_codec(options.codec or asset("default"))
    if options.backbone is None:
        token_model = trained_token_model(options.token_model, codec)
        labels = token_model.config.action_labels
        planner = trained_planner(options.planner, labels) if options.planner else None
        reader = trained_reader(options.reader, labels) if options.reader else None
        write_model(codec, token_model, options.out, "make weights", planner, reader)
        return
    torch.manual_seed(options.seed)
    source = backbone_source(options.backbone, options.revision, options.out)
    token_model = around_language_model(codec, source, options.out)
    write_model(codec, token_model, options.out, "python -m training.export --backbone")


if __name__ == "__main__":
    try:
        main()
    except LimberError as error:
        print(f"limber: {error}", file=sys.stderr)
        sys.exit(2)
