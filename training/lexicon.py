"""English words and how they are related, for the vocabulary's making.

`WordNet` reads Princeton's database files; `motion_words.txt` adds what those lack. From both come
the words that deserve a row of their own, every inflected form, and which words should lie near
or far from each other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# WordNet's lexicographer files about bodies that move: body, competition, eating, contact,
# motion.
MOTION_FILES = {"29", "33", "34", "35", "38"}
# How often a word must occur in WordNet's tagged texts to count as common.
COMMON_USES = {"n": 4, "v": 4, "a": 2, "r": 1}
# Communication and creation hold some more, all under these verbs.
MOTION_ROOTS = {"gesticulate", "dance", "mime"}


@dataclass(frozen=True)
class Sense:
    """One synset: its file, its single-word lemmas and its pointers (symbol, part, synset key)."""

    file: str
    lemmas: tuple[str, ...]
    pointers: tuple[tuple[str, str, str], ...]


@dataclass
class WordNet:
    """WordNet's senses by key (part of speech + offset).

    order: each word's senses, commonest first. uses: how often a word occurs in its tagged texts.
    Both are keyed by (word, part), with parts n, v, a, r as in WordNet.
    """

    senses: dict[str, Sense] = field(default_factory=dict)
    order: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    uses: Counter = field(default_factory=Counter)

    @staticmethod
    def read(folder: Path) -> WordNet:
        """Read `data.*` and `index.sense` of WordNet 3.1."""
        net = WordNet()
        for name, part in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
            for line in (folder / f"data.{name}").read_text("latin-1").splitlines():
                if not line.startswith("  "):
                    net.senses[part + line[:8]] = _sense(line.split(" | ")[0].split())
        ranked = defaultdict(list)
        for line in (folder / "index.sense").read_text("latin-1").splitlines():
            key, offset, rank, uses = line.split()
            word, detail = key.split("%")
            part = "nvara"[int(detail[0]) - 1]
            ranked[word, part].append((int(rank), offset))
            net.uses[word, part] += int(uses)
        net.order = {
            (word, part): [part + offset for _, offset in sorted(found)]
            for (word, part), found in ranked.items()
        }
        return net

    def words(self, part: str) -> list[str]:
        return [w for (w, p) in self.order if p == part and re.fullmatch("[a-z]{2,}", w)]

    def under(self, roots: set[str], part: str) -> set[str]:
        """Keys of all senses below every sense of the given words."""
        below = defaultdict(list)
        for key, sense in self.senses.items():
            for symbol, _, target in sense.pointers:
                if symbol in "@@i":
                    below[target].append(key)
        found, left = set(), [k for w in roots for k in self.order.get((w, part), [])]
        while left:
            key = left.pop()
            if key not in found:
                found.add(key)
                left.extend(below[key])
        return found


def _sense(fields: list[str]) -> Sense:
    count = int(fields[3], 16)
    lemmas = [re.sub(r"\(.*\)", "", fields[4 + 2 * i]).lower() for i in range(count)]
    at = 4 + 2 * count
    pointers = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
    return Sense(
        fields[1],
        tuple(lemma for lemma in lemmas if re.fullmatch("[a-z]+", lemma)),
        tuple(
            (symbol, part, part.replace("s", "a") + offset) for symbol, offset, part, _ in pointers
        ),
    )


def inflections(verb: str) -> list[str]:
    """The regular forms of a verb: -s, -ing, -ed, and the agent in -er."""
    if re.search(r"(s|x|z|ch|sh|o)$", verb):
        third = verb + "es"
    elif re.search(r"[^aeiou]y$", verb):
        third = verb[:-1] + "ies"
    else:
        third = verb + "s"
    if verb.endswith("ie"):
        return [third, verb[:-2] + "ying", verb + "d"]
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return [third, verb[:-1] + "ing", verb + "d"]
    if re.search(r"[^aeiou]y$", verb):
        return [third, verb + "ing", verb[:-1] + "ied"]
    stem = verb + verb[-1] if _doubles(verb) else verb
    return [third, stem + "ing", (verb if verb.endswith("e") else stem + "e") + "d"]


def _doubles(verb: str) -> bool:
    """Whether the last consonant doubles: one syllable that ends in one vowel and one consonant."""
    return bool(re.fullmatch(r"[^aeiou]*(qu)?[aeiou][bdgklmnprtv]", verb))


def lemma_candidates(word: str) -> list[str]:
    """What `word` may be an inflected form of, best guess first."""
    rules = (
        ("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"),
        ("ying", "ie"), ("ing", ""), ("ing", "e"), ("iest", "y"), ("ier", "y"),
        ("est", ""), ("est", "e"), ("ves", "f"), ("ves", "fe"),
    )  # fmt: skip
    found = [word[: -len(end)] + new for end, new in rules if word.endswith(end)]
    doubled = re.fullmatch(r"(.*)([a-z])\2(ed|ing|er|est)", word)
    return found + ([doubled[1] + doubled[2]] if doubled else [])


@dataclass
class WordList:
    """`motion_words.txt`: see its own head for the form of its lines."""

    words: list[str] = field(default_factory=list)
    near: list[tuple[str, str]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    forms: list[tuple[str, str]] = field(default_factory=list)

    @staticmethod
    def read(path: Path) -> WordList:
        found = WordList()
        for line in path.read_text().splitlines():
            line = line.split("#")[0].strip()
            if not line:
                continue
            kind, rest = line.split(":", 1)
            words = rest.replace("|", " ").split()
            found.words += words
            if kind == "apart":
                left, right = (side.split() for side in rest.split("|"))
                found.apart += [(a, b) for a in left for b in right]
                found.near += [(a, side[0]) for side in (left, right) for a in side[1:]]
            elif kind == "forms":
                found.forms += [(word, words[0]) for word in words[1:]]
            elif kind == "near":
                found.near += [(word, words[0]) for word in words[1:]]
        return found


def vocabulary_words(teacher: list[str], net: WordNet, extra: WordList) -> list[str]:
    """The words that get a row: the teacher's English ones, motion verbs in all forms, manners.

    teacher: the encoder's own word pieces, commonest first. Names and foreign words are left out.
    """
    known = {word for word, _ in net.order}
    found: dict[str, None] = {}

    def is_english(word: str) -> bool:
        return any(w in known for w in (word, *lemma_candidates(word)))

    for rank, word in enumerate(teacher):
        if re.fullmatch("[a-z]+", word) and (rank < 3000 or is_english(word)):
            found[word] = None
    found |= dict.fromkeys(extra.words)
    found |= dict.fromkeys(
        word for (word, part), uses in net.uses.items() if uses >= COMMON_USES[part]
    )
    irregular = {lemma for _, lemma in extra.forms}
    common_verbs = [w for w in net.words("v") if net.uses[w, "v"] >= COMMON_USES["v"]]
    for verb in dict.fromkeys(motion_verbs(net, set(found)) + common_verbs):
        found[verb] = None
        if verb not in irregular:
            found |= dict.fromkeys(inflections(verb))
    found |= dict.fromkeys(_manners(net, set(found)) + _acts(net))
    return [word for word in found if re.fullmatch(r"[a-zéè'-]{2,}|[ai]|[a-z0-9]+", word)]


def motion_verbs(net: WordNet, common: set[str]) -> list[str]:
    """Verbs with a sense of moving, touching or contending; rare ones not for touching."""
    gestures = net.under(MOTION_ROOTS, "v")

    def moves(word: str, files: set[str]) -> bool:
        keys = net.order[word, "v"]
        return any(key in gestures or net.senses[key].file in files for key in keys)

    return [
        word for word in net.words("v")
        if moves(word, MOTION_FILES if word in common else MOTION_FILES - {"35"})
        and (word in common or not re.search("(i[sz]e|ate|ify)$", word))
    ]  # fmt: skip


def _manners(net: WordNet, common: set[str]) -> list[str]:
    """Adverbs in -ly whose adjective is a common word."""
    return [
        word for word in net.words("r")
        if word.endswith("ly") and any(
            lemma in common for lemma, _ in _pointed(net, word, "r", "\\")
        )
    ]  # fmt: skip


def _acts(net: WordNet) -> list[str]:
    """Nouns for dances, blows, gestures, jumps, sports and exercises."""
    acts = net.under({"motion", "dance", "blow", "gesture", "jump", "kick", "sport", "exercise"},
                     "n")  # fmt: skip
    return [
        word for word in net.words("n")
        if any(key in acts and net.senses[key].file == "04" for key in net.order[word, "n"])
    ]  # fmt: skip


def _pointed(net: WordNet, word: str, part: str, symbols: str) -> list[tuple[str, str]]:
    """Lemmas (and their part of speech) that the word's telling senses point to."""
    return [
        (lemma, key[0])
        for sense in telling_senses(net, word, part)
        for symbol, _, key in net.senses[sense].pointers
        if symbol in symbols and key in net.senses
        for lemma in net.senses[key].lemmas
    ]


def telling_senses(net: WordNet, word: str, part: str) -> list[str]:
    """The senses that matter here: up to three about moving bodies, else the commonest."""
    keys = net.order.get((word, part), [])
    files = MOTION_FILES if part == "v" else {"04", "08"} if part == "n" else set()
    return [key for key in keys if net.senses[key].file in files][:3] or keys[:1]


def relations(words: list[str], net: WordNet, extra: WordList):
    """Which words belong together and which apart.

    Returns (near, apart): near {(word, towards): weight 0..1}, apart a list of pairs of words.
    """
    present = set(words)
    near: dict[tuple[str, str], float] = {}

    def draw(word: str, towards: str, weight: float) -> None:
        if word != towards and {word, towards} <= present:
            near[word, towards] = max(weight, near.get((word, towards), 0.0))

    lemmas, breadth = dict(extra.forms), _breadth(net)
    for word in words:
        lemma = lemmas.get(word) or _lemma(word, present, net)
        if lemma:
            draw(word, lemma, 1.0)
        for part in "vnra":
            for other, weight in _kin(net, word, part, breadth):
                draw(word, other, weight)
    for word, towards in extra.near:
        draw(word, towards, 1.0)
    return near, [pair for pair in _opposites(words, net, extra) if set(pair) <= present]


def _kin(
    net: WordNet, word: str, part: str, breadth: dict[str, int]
) -> Iterator[tuple[str, float]]:
    """Words that WordNet places beside or above `word`, and how strongly they draw it.

    Synonyms; the adjective of an adverb and what a noun or adjective is derived from; and the
    more general words ("walk" for "saunter"), unless so general that they say little ("move").
    """
    for key in telling_senses(net, word, part):
        sense = net.senses[key]
        for other in sense.lemmas:
            yield other, 0.5 if part == "v" else 0.3
        for symbol, _, target in sense.pointers:
            if symbol in "\\+" and part != "v":
                weight, lemmas = 0.6 if part == "r" else 0.3, net.senses[target].lemmas
            elif symbol == "@" and part in "vn":
                weight, lemmas = 0.8 * min(1.0, 60 / breadth[target]), net.senses[target].lemmas[:2]
            else:
                continue
            for other in lemmas:
                yield other, weight


def _lemma(word: str, present: set[str], net: WordNet) -> str | None:
    """The verb or noun that `word` is a regular form of."""
    for candidate in lemma_candidates(word):
        if candidate in present and (
            (candidate, "v") in net.order
            or (word.endswith("s") and (candidate, "n") in net.order)
            or (word.endswith(("er", "est")) and (candidate, "a") in net.order)
        ):
            return candidate
    return None


def _breadth(net: WordNet) -> dict[str, int]:
    """How many senses lie below each sense; 1 for a leaf. Broad ones say little ("to move")."""
    count: dict[str, int] = defaultdict(int)
    for key in net.senses:
        seen, left = set(), [key]
        while left:
            at = left.pop()
            if at in seen:
                continue
            seen.add(at)
            count[at] += 1
            left.extend(target for symbol, _, target in net.senses[at].pointers if symbol == "@")
    return count


def _opposites(words: list[str], net: WordNet, extra: WordList) -> list[tuple[str, str]]:
    """Antonyms of WordNet's commonest senses and those of the list, with all their forms."""
    pairs = set(extra.apart)
    for word in words:
        for part in "vra":
            for key in net.order.get((word, part), [])[:2]:
                for symbol, _, target in net.senses[key].pointers:
                    lemmas = net.senses[target].lemmas if symbol == "!" else ()
                    if word in net.senses[key].lemmas[:1] and lemmas:
                        pairs.add((word, lemmas[0]))
    forms = defaultdict(list)
    for form, lemma in extra.forms:
        forms[lemma].append(form)
    verbs = {word for word in words if (word, "v") in net.order}

    def all_forms(word: str) -> list[str]:
        return forms.get(word) or (inflections(word) if word in verbs else [])

    for a, b in sorted(pairs):
        pairs |= {(x, y) for x in [a, *all_forms(a)] for y in [b, *all_forms(b)]}
    return sorted({tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]})
