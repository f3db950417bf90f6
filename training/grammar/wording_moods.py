"""The words for moods: adjectives for who acts, adverbs and phrases for how."""

from collections.abc import Mapping

ADJECTIVES: Mapping[str, tuple[str, ...]] = {
    "tired": ("tired", "exhausted", "sleepy"),
    "sad": ("sad", "unhappy", "gloomy", "dejected"),
    "happy": ("happy", "cheerful", "joyful", "merry"),
    "angry": ("angry", "furious", "annoyed", "mad"),
    "proud": ("proud", "confident", "self-assured"),
    "sneaky": ("sneaky", "stealthy", "sly"),
    "nervous": ("nervous", "anxious", "worried", "uneasy"),
}
MANNERS: Mapping[str, tuple[str, ...]] = {
    "tired": ("as if tired", "in a tired way", "tiredly", "with little energy"),
    "sad": ("sadly", "in a sad way", "unhappily", "as if sad", "with a heavy heart"),
    "happy": ("happily", "cheerfully", "in a happy way", "joyfully", "in a good mood"),
    "angry": ("angrily", "in an angry way", "furiously", "in anger", "as if angry"),
    "proud": ("proudly", "in a proud way", "confidently", "full of pride", "with confidence"),
    "sneaky": ("sneakily", "stealthily", "in a sneaky way", "furtively", "as if not to be seen"),
    "nervous": ("nervously", "anxiously", "in a nervous way", "uneasily", "as if worried"),
}
