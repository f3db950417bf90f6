"""`limber data`: the recordings that the weights were trained on, for whoever makes them again."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import LimberError
from .downloading import add_yes, ask, byte_count


def add_data(verbs) -> None:
    """Add the verb to the command's parser."""
    verb = verbs.add_parser("data", help="list and fetch the training data", allow_abbrev=False)
    kinds = verb.add_subparsers(metavar="list|fetch", required=True)
    listed = kinds.add_parser("list", help="every source: size, licence, what is public of it")
    listed.set_defaults(run=run_list)
    fetched = kinds.add_parser("fetch", help="download and check what is not there yet")
    fetched.add_argument("folder", metavar="FOLDER", type=Path, help="the data folder to fill")
    fetched.add_argument("--only", action="append", default=[], metavar="SOURCE",
                         help="this source alone, by the name of the list; may be repeated")  # fmt: skip
    add_yes(fetched)
    fetched.set_defaults(run=run_fetch)
    for kind in (listed, fetched):
        kind.add_argument("--manifest", type=Path, metavar="FILE",
                          help="a manifest of your own, for a mirror (default: Limber's)")  # fmt: skip


def run_list(options: argparse.Namespace) -> None:
    """`limber data list`: two lines for each source."""
    for source in _sources(options.manifest):
        public = len(source.files) if source.archive else len(source.public_files)
        size = f"{source.bytes / 1e6:.1f} MB"
        print(f"{source.name:20} {size:>9}, {public} of {len(source.files)} files public, "
              f"{source.licence}: {source.title} ({source.home})")  # fmt: skip
        if source.note:
            print(f"{'':20} {source.note}")


def run_fetch(options: argparse.Namespace) -> None:
    """`limber data fetch`: asks once, then a line for each source."""
    known = _sources(options.manifest)
    sources = _chosen(known, options.only)
    from training.data_fetch import archive_of, fetch, write_index

    if options.folder.exists() and not options.folder.is_dir():
        raise LimberError(f"{options.folder}: a file; give a folder")
    wanted = [s for s in sources if s.is_public and not archive_of(s, options.folder).is_file()]
    if wanted:
        size = sum(source.bytes for source in wanted)
        licences = "; ".join(sorted({source.licence for source in wanted}))
        ask(
            f"{len(wanted)} sources, {size / 1e6:.0f} MB to download into {options.folder}, with "
            f"their licences ({licences}). Download them?",
            options.yes,
        )
    failed = []
    for source in sources:
        try:
            with byte_count(source.name, source.bytes) as progress:
                line = fetch(source, options.folder, progress)
        except LimberError as error:
            failed.append(source.name)
            line = f"{source.name}: NOT FETCHED, {error}"
        print(line)
    write_index(known, options.folder)
    if failed:
        raise LimberError(f"not fetched: {', '.join(failed)}; what arrived is kept, run it again")


def _sources(manifest: Path | None):
    try:
        from training.data_manifest import MANIFEST, read_manifest
    except ModuleNotFoundError as error:
        raise LimberError("data needs the whole package: pip install limber") from error
    return read_manifest(manifest or MANIFEST)


def _chosen(known: list, names: list[str]) -> list:
    """Those sources, or all; raises LimberError for names that there are not."""
    by_name = {source.name: source for source in known}
    for name in names:
        if name not in by_name:
            raise LimberError(f"no source '{name}'; there are {', '.join(by_name)}")
    return [by_name[name] for name in names] if names else known
