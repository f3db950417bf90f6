"""Drawing a motion more than once, to keep the draw in which most of what was planned can be read.

Sampled motion now and then does something else than it was asked. Who reads codes can tell (best of
n by a verifier, as Cobbe et al., 2021, choose among written answers).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from .prompt import Prompt

CONTENT = -2.0
"""In nats; with this much agreement, the first draw is kept. Of 770 draws, those above it did what
was asked in 85 %, those below in 57 %."""
DRAWN_AT_ONCE = 24

Drawn = TypeVar("Drawn")


def best_draws(
    prompts: Sequence[Prompt],
    draw: Callable[[Sequence[Prompt]], list[Drawn]],
    agreement: Callable[[Prompt, Drawn], float],
) -> list[Drawn]:
    """One draw of each prompt, or, where ``agreement`` of prompt and draw is not content with it,
    the best of as many as its command allows."""
    best = draw(prompts)
    agreed = [agreement(prompt, drawn) for prompt, drawn in zip(prompts, best)]
    again = [
        (index, replace(prompt, draw=number))
        for index, prompt in enumerate(prompts)
        if agreed[index] < CONTENT
        for number in range(1, prompt.command.draws)
    ]
    for first in range(0, len(again), DRAWN_AT_ONCE):
        some = again[first : first + DRAWN_AT_ONCE]
        for (index, prompt), drawn in zip(some, draw([prompt for _, prompt in some])):
            found = agreement(prompt, drawn)
            if found > agreed[index]:
                best[index], agreed[index] = drawn, found
    return best
