"""Motion tokenizers: features to codes and back. Importing this package imports no torch."""
