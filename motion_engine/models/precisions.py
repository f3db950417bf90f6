"""How the weights of a backbone are kept: as they are, or quantized by bitsandbytes.

Only the backbone is meant. What is ours beside it (code vectors, depth decoder) is small, decides
on the codes, and stays in fp32.
"""

PRECISIONS = ("fp32", "bf16", "int8", "nf4")
QUANTIZED = ("int8", "nf4")


def bytes_per_weight(precision: str, is_linear: bool) -> float:
    """In memory; quantized precisions keep what is no linear layer in bf16.

    ``nf4`` takes half a byte, and four bytes for every 64 weights.
    """
    if is_linear and precision in QUANTIZED:
        return {"int8": 1.0, "nf4": 0.5 + 4 / 64}[precision]
    return 4.0 if precision == "fp32" else 2.0
