"""The bars that the weights are meant to pass, and whether a run passes them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from training.adherence.prompts import Prompt

THREE_ACTIONS = "three actions"


@dataclass(frozen=True)
class Bar:
    """At least a ``share`` of the clips of the prompts that are ``of_it`` do what is asked."""

    name: str
    share: float
    of_it: Callable[[Prompt], bool]


BARS = (
    Bar("seen wording", 0.85, lambda prompt: prompt.half == "seen"),
    Bar("unseen wording", 0.70, lambda prompt: prompt.half == "unseen"),
    Bar("part commands", 0.80, lambda prompt: prompt.group == "part"),
    Bar("three actions in order", 0.75, lambda prompt: prompt.group == THREE_ACTIONS),
)


def bar_results(results: Iterable[tuple[Prompt, bool]]) -> list[dict]:
    """``name``, ``passed``, ``clips``, ``share``, ``bar`` and ``met`` of every bar with clips."""
    results, found = list(results), []
    for bar in BARS:
        done = [does_it for prompt, does_it in results if bar.of_it(prompt)]
        if done:
            share = sum(done) / len(done)
            found.append({"name": bar.name, "passed": sum(done), "clips": len(done),
                          "share": round(share, 4), "bar": bar.share, "met": share >= bar.share})  # fmt: skip
    return found


def bars_table(results: list[dict]) -> str:
    """One line per bar."""
    return "\n".join(
        f"{row['name']:<24}{row['share']:>5.0%}{_of(row):>12}   bar {row['bar']:.0%}"
        f" {'met' if row['met'] else 'missed'}"
        for row in results
    )


def _of(row: dict) -> str:
    return f"({row['passed']}/{row['clips']})"
