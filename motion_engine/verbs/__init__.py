"""The verbs of the `limber` command that make and change motion."""
