"""A loaded model: text to motion, and motion through the codec and back."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from .codecs.prq import PRQ, PRQConfig
from .codecs.residual_quantizer import TRAINING_STATE
from .command import Command
from .contacts import with_detected_contacts
from .errors import LimberError
from .features import decode_features, encode_features, heading_angles, next_start
from .foot_lock import lock_feet
from .generate import Progress, StreamingDecoder, generate_codes, token_frames
from .locations import asset
from .motion import ENGINE_FPS, Motion, resample
from .token_model import TokenModel, TokenModelConfig
from .torch_runtime import TorchRuntime
from .vocabulary import Vocabulary
from .weights import model_folder, read_config, read_weights


class Model:
    """Codec, token model and vocabulary of one model folder."""

    def __init__(self, codec: PRQ, token_model: TokenModel, vocabulary: Vocabulary):
        self.codec = codec.eval()
        self.token_model = token_model.eval()
        self.vocabulary = vocabulary
        self.layout = codec.config.layout

    @staticmethod
    def load(name: str = "default") -> "Model":
        """A shipped model by name or one of the user's by folder; raises LimberError."""
        folder = model_folder(name)
        config = read_config(folder)
        try:
            codec = PRQ(PRQConfig(**config["codec"]))
            token_model = TokenModel(TokenModelConfig.from_json(config["token_model"]))
        except (KeyError, TypeError) as error:
            raise LimberError(f"{folder}: config.json does not describe a Limber model.") from error
        for module, file in ((codec, "codec"), (token_model, "token_model")):
            _fill(module, folder / f"{file}.safetensors")
        vocabulary = Vocabulary.load(asset("vocabulary"))
        if vocabulary.width != token_model.config.word_size:
            raise LimberError(f"{folder}: this model was trained with another vocabulary.")
        return Model(codec, token_model, vocabulary)

    def word_vectors(self, text: str) -> np.ndarray:
        """Vectors ``[N, E]`` of the words of a text."""
        return self.vocabulary.vectors[self.vocabulary.tokenize(text)]

    def codes(self, command: Command) -> Iterator[np.ndarray]:
        """Codes ``[K]`` of one token frame after the other."""
        return generate_codes(
            TorchRuntime(self.token_model),
            self.word_vectors(command.text),
            command,
            self.token_model.config.control,
            self.codec.frame_rate,
        )

    def generate(self, command: Command, progress: Progress | None = None) -> Iterator[Motion]:
        """Chunks of motion as they are made; together exactly the asked number of frames.

        A chunk starts where the one before ended. The finished clip of
        :func:`motion_engine.generate_motion` differs: it is also cleaned up as a whole.
        """
        start = (0.0, 0.0, 0.0)
        for features in self.feature_chunks(command, progress):
            yield decode_features(features, self.layout, start)
            start = next_start(features, self.layout, start)

    def feature_chunks(
        self, command: Command, progress: Progress | None = None
    ) -> Iterator[np.ndarray]:
        """Pose features ``[n, pose_size]`` of one chunk after the other."""
        decoder = StreamingDecoder(self.codec)
        wanted = None if command.seconds is None else max(1, round(command.seconds * ENGINE_FPS))
        total = token_frames(command.seconds or 0.0, self.codec.frame_rate)
        made = 0

        def trimmed(chunk: np.ndarray) -> np.ndarray:
            return chunk if wanted is None else chunk[: max(wanted - made, 0)]

        for done, codes in enumerate(self.codes(command), start=1):
            chunk = trimmed(decoder.push(codes))
            made += len(chunk)
            if progress:
                progress(done, max(total, done))
            if len(chunk):
                yield chunk
        chunk = trimmed(decoder.finish())
        if len(chunk):
            yield chunk

    def reconstruct(self, motion: Motion) -> Motion:
        """The motion through the codec and back, at the same place and length, 30 fps."""
        motion = resample(motion, ENGINE_FPS)
        span = self.codec.downsampling
        missing = -motion.frames % span
        features = encode_features(motion, self.layout)
        padded = np.concatenate([features, np.repeat(features[-1:], missing, axis=0)])
        decoded = self.codec.decode(self.codec.encode(padded[None]))[0, : motion.frames]
        x, y, _ = motion.root_positions[0]
        heading = heading_angles(motion.local_rotations[:, 0])[0]
        return with_detected_contacts(decode_features(decoded, self.layout, (x, y, heading)))


def generate_motion(
    command: Command, model: Model | None = None, progress: Progress | None = None
) -> Motion:
    """The finished clip of a command, exactly ``round(seconds * 30)`` frames long."""
    model = model or Model.load()
    features = np.concatenate(list(model.feature_chunks(command, progress)))
    return lock_feet(decode_features(features, model.layout))


def _fill(module: torch.nn.Module, path: Path) -> None:
    state = {name: torch.from_numpy(array.copy()) for name, array in read_weights(path).items()}
    try:
        missing, unexpected = module.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise LimberError(f"{path}: these weights do not fit config.json.") from error
    missing = [name for name in missing if name.rsplit(".", 1)[-1] not in TRAINING_STATE]
    if missing or unexpected:
        name = (missing + unexpected)[0]
        raise LimberError(f"{path}: these weights do not fit config.json ({name}).")
