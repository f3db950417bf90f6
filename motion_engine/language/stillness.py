"""Commands that ask a part of the body for nothing."""

import re

STILL = ("still", "stand still", "stay still", "hold still", "keep still", "do not move")
"""What is written for a part that is to be held; other texts are the model's to understand."""
_UNMOVED = re.compile(
    r"[;,.]\s*(?:and\s+)?(?:the\s+|both\s+)?"
    r"(?:nothing else(?: moves)?|(?:rest|others|everything else|legs?|feet|arms?|body|head|torso)"
    r"(?: of (?:the|his|her|their) body)?:?\s*(?:(?:stays?|remains?|keeps?|is|are|stands?)\s+)?"
    r"(?:still|idle|motionless|planted|in place|unmoved))\s*(?=[;,.]|$)",
    re.IGNORECASE,
)
"""The same told beside other commands: "; the rest still"."""


def is_still(text: str) -> bool:
    return " ".join(text.lower().strip(" .").split()) in STILL


def without_still_parts(text: str) -> str:
    """Commands to parts, "arms: clap; legs: still", without those that ask for nothing; all of them
    where there are no others."""
    clauses = text.split(";")
    told = [clause for clause in clauses if not is_still(clause.rpartition(":")[2])]
    return _UNMOVED.sub("", ";".join(told) if told else text)
