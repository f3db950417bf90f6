"""Commands that ask a part of the body for nothing."""

STILL = ("still", "stand still", "stay still", "hold still", "keep still", "do not move")
"""What is written for a part that is to be held; other texts are the model's to understand."""


def is_still(text: str) -> bool:
    return " ".join(text.lower().strip(" .").split()) in STILL


def without_still_parts(text: str) -> str:
    """Commands to parts, "arms: clap; legs: still", without those that ask for nothing; all of them
    where there are no others."""
    clauses = text.split(";")
    told = [clause for clause in clauses if not is_still(clause.rpartition(":")[2])]
    return ";".join(told) if told else text
