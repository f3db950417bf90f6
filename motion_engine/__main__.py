"""`python -m motion_engine` is the `limber` command."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
