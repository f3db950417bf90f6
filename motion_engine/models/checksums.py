"""Whether a file is the one that was meant."""

import hashlib
from pathlib import Path


def sha256_of(path: Path) -> str:
    """64 hex digits; raises OSError for files that cannot be read."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
