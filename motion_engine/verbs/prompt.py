"""`limber prompt`: how a text is likely to be taken, and how it could go on."""

from __future__ import annotations

import argparse
import sys

from ..errors import LimberError


def add_prompt(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser(
        "prompt", help="what a text says, before generating", allow_abbrev=False
    )
    verb.add_argument("text", metavar="TEXT", help='such as "a person walks, then waves twice"')
    verb.add_argument("--complete", action="store_true",
                      help="instead, the ways in which the text could go on, one a line")  # fmt: skip
    verb.add_argument("--plan", action="store_true",
                      help="also what a model plans to do when, a line for each action")  # fmt: skip
    verb.add_argument("--seconds", type=float, help="of the clip, for --plan; else its own")
    verb.add_argument("--model", default="default", help="for --plan: a name or a folder")
    verb.set_defaults(run=run_prompt)


def run_prompt(options: argparse.Namespace) -> None:
    """`limber prompt`: a line that begins with "understood:", and one for each "warning:"."""
    from ..language.completion import completions
    from ..language.understanding import understood

    if options.complete:
        print(*completions(options.text), sep="\n")
        return
    if not options.text.strip():
        raise LimberError('the text is empty: limber prompt "a person walks"')
    reading = understood(options.text)
    print(f"understood: {reading}" if str(reading) else "understood: nothing")
    for warning in reading.warnings:
        print(f"warning: {warning}")
    if options.plan:
        print_plan(options)


def print_plan(options: argparse.Namespace) -> None:
    """ "plan: 0.4 to 3.2 s: wave, count 3, side left" for each action, and the clip's length."""
    from ..command import Command
    from ..models.model_folder import ModelFolder

    planner = ModelFolder.open(options.model).load_planner()
    if planner is None:
        raise LimberError(f"model {options.model} makes no plans; leave --plan out.")
    command = Command(options.text, options.seconds)
    plan = planner.plan(command.text, command.seconds)
    if plan is None:
        print("plan: none; the model goes by the words alone")
        return
    for action in plan.actions:
        about = [label.removeprefix(f"{action.verb} ") for label in action.labels[1:]]
        told = ", ".join([action.verb.replace("_", " "), *about])
        print(f"plan: {action.start:.1f} to {action.stop:.1f} s: {told}")
    print(f"plan: {plan.seconds:.1f} s in all")


def warn_of(text: str) -> None:
    """Say on stderr what the model was not taught of a text; mostly nothing."""
    from ..language.understanding import understood

    for warning in understood(text).warnings:
        print(f"limber: {warning}", file=sys.stderr)
