"""`limber models`: which there are, whether they are whole, and how to get more."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import LimberError
from .downloading import add_yes, ask, byte_count

DAMAGED = 2


def add_models(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("models", help="list, verify and fetch models", allow_abbrev=False)
    kinds = verb.add_subparsers(metavar="list|verify|fetch", required=True)
    listed = kinds.add_parser("list", help="models by the names that --model takes")
    listed.set_defaults(run=run_list)
    verified = kinds.add_parser("verify", help="every file against its checksum")
    verified.add_argument("name", metavar="NAME", nargs="?", help="one model; all by default")
    verified.set_defaults(run=run_verify)
    fetched = kinds.add_parser("fetch", help="download a model, or import a folder")
    fetched.add_argument("name", metavar="NAME", nargs="?",
                         help="the model; with --from, what to call it (default: its folder's name)")  # fmt: skip
    fetched.add_argument("--from", dest="source", type=Path, metavar="FOLDER",
                         help="import a model's folder instead of downloading")  # fmt: skip
    add_yes(fetched)
    fetched.set_defaults(run=run_fetch)


def run_list(options: argparse.Namespace) -> None:
    """`limber models list`: name, size, whose, state, abilities."""
    from ..models.model_folder import ModelFolder, models_folder
    from ..models.model_store import OFFERS, abilities, known_models

    models = known_models()
    width = max(len(model.name) for model in models)
    for model in models:
        try:
            able = ", ".join(abilities(ModelFolder.open(str(model.folder))))
            state = "whole"
        except LimberError as error:
            able, state = str(error), "DAMAGED"
        owner = "shipped" if model.is_shipped else "yours"
        size = f"{model.bytes / 1e6:.1f} MB"
        print(f"{model.name:{width}}  {size:>10}  {owner:7}  {state:7}  {able}")
    for offer in OFFERS:
        if offer.name not in {model.name for model in models}:
            size = f"{offer.bytes / 1e6:.1f} MB"
            print(f"{offer.name:{width}}  {size:>10}  to fetch          {offer.title}")
    print(f"your models: {models_folder()}")


def run_verify(options: argparse.Namespace) -> int:
    """`limber models verify`: a line for each file; exit status 2 if any is not whole."""
    from ..models.model_store import file_states, known_model, known_models

    models = [known_model(options.name)] if options.name else known_models()
    whole = True
    for model in models:
        for file in file_states(model.folder):
            print(f"{model.name}/{file.name}: {file.state}")
            whole = whole and file.is_whole
    return 0 if whole else DAMAGED


def run_fetch(options: argparse.Namespace) -> None:
    """`limber models fetch`: one line that says where the model lies and how to use it."""
    from ..models.model_store import fetch_model, import_model

    if options.source is not None:
        name = options.name or options.source.resolve().name
        folder = import_model(options.source, name)
    else:
        offer = _offer(options.name)
        name = offer.name
        ask(
            f"{offer.title}: {offer.bytes / 1e6:.1f} MB from {offer.repository}, licence "
            f"{offer.licence}. Download it?",
            options.yes,
        )
        with byte_count(name, offer.bytes) as progress:
            folder = fetch_model(offer, progress)
    print(f"{folder}: whole; use it with --model {name}")


def _offer(name: str | None):
    """The offer of that name; raises LimberError with those that there are."""
    from ..models.model_store import OFFERS

    if name is None:
        raise LimberError("say which model to fetch, or --from FOLDER to import one")
    for offer in OFFERS:
        if offer.name == name:
            return offer
    offered = ", ".join(offer.name for offer in OFFERS)
    if not offered:
        raise LimberError(
            "no model is offered for download yet; --from FOLDER imports one that you have"
        )
    raise LimberError(f"no model '{name}' is offered; there are {offered}")
