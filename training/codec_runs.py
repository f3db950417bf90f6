"""Training runs of codecs and flow decoders, read back by what they are."""

from dataclasses import asdict
from pathlib import Path

from motion_engine.codecs.configuration import CODECS, AnyCodecConfig, codec_from_json
from motion_engine.codecs.flow_codec import FlowCodec
from motion_engine.codecs.members import build_codec, use_weights
from motion_engine.codecs.torch_codec import TorchCodec
from motion_engine.errors import LimberError

from .run import load_checkpoint

SIZES = ("width", "latent_size", "encoder_blocks", "decoder_blocks")
"""What may differ between two codecs of one name."""


def load_run(folder: Path) -> TorchCodec | FlowCodec:
    """The codec of a run's folder, ready to use; raises LimberError."""
    checkpoint = load_checkpoint(folder)
    codec = build_codec(codec_from_json(checkpoint["config"], str(folder)))
    use_weights(codec, checkpoint["model"], str(folder))
    return codec.eval()


def check_name(name: str, config: AnyCodecConfig, origin: Path) -> None:
    """Raises LimberError where a folder is called as one codec and holds another."""
    if name not in CODECS:
        return
    expected, found = (
        {key: value for key, value in asdict(c).items() if key not in SIZES}
        for c in (CODECS[name], config)
    )
    if expected != found:
        differing = ", ".join(
            sorted(k for k in expected | found if expected.get(k) != found.get(k))
        )
        raise LimberError(
            f"{origin}: called {name}, but the weights are another codec's (it differs in "
            f"{differing}); rename the folder or train there again."
        )


def check_same_config(checkpoint_folder: Path, config: dict) -> None:
    """Raises LimberError where a run of another configuration lies in the folder."""
    if not (checkpoint_folder / "checkpoint.pt").is_file():
        return
    if load_checkpoint(checkpoint_folder)["config"] != config:
        raise LimberError(
            f"{checkpoint_folder} belongs to another configuration; choose a new --out."
        )
