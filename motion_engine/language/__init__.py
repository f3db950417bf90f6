"""Words: the vocabulary of the default model, and what a prompt is understood to say."""
