"""The words for moods: adjectives for who acts, adverbs and phrases for how."""

from collections.abc import Mapping

ADJECTIVES: Mapping[str, tuple[str, ...]] = {
    "tired": ("tired", "exhausted", "sleepy", "weary", "drowsy", "worn-out"),
    "sad": ("sad", "unhappy", "gloomy", "dejected", "downcast", "miserable", "sorrowful"),
    "happy": ("happy", "cheerful", "joyful", "merry", "joyous", "jolly", "delighted"),
    "angry": ("angry", "furious", "annoyed", "mad", "enraged", "irritated"),
    "proud": ("proud", "confident", "self-assured", "smug", "self-confident"),
    "sneaky": ("sneaky", "stealthy", "sly", "secretive"),
    "nervous": ("nervous", "anxious", "worried", "uneasy", "tense", "jittery"),
}
MANNERS: Mapping[str, tuple[str, ...]] = {
    "tired": ("as if tired", "in a tired way", "tiredly", "with little energy", "wearily",
              "without energy", "as if half asleep", "half-heartedly"),
    "sad": ("sadly", "in a sad way", "unhappily", "as if sad", "with a heavy heart",
            "sorrowfully", "in low spirits", "miserably"),
    "happy": ("happily", "cheerfully", "in a happy way", "joyfully", "in a good mood",
              "merrily", "in high spirits", "with joy"),
    "angry": ("angrily", "in an angry way", "furiously", "in anger", "as if angry",
              "in a rage", "with anger", "crossly"),
    "proud": ("proudly", "in a proud way", "confidently", "full of pride", "with confidence",
              "self-confidently", "with the head held high"),
    "sneaky": ("sneakily", "stealthily", "in a sneaky way", "furtively", "as if not to be seen",
               "secretly", "on the sly"),
    "nervous": ("nervously", "anxiously", "in a nervous way", "uneasily", "as if worried",
                "tensely", "as if afraid"),
}  # fmt: skip
