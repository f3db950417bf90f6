"""What `limber data` does: the sources of the training data told, or fetched with consent."""

import argparse

from motion_engine.errors import LimberError
from motion_engine.verbs.downloading import ask, byte_count

from .data_fetch import archive_of, fetch, write_index
from .data_manifest import MANIFEST, Source, read_manifest


def run(options: argparse.Namespace) -> None:
    """`limber data list` or `limber data fetch`; raises LimberError."""
    {"list": _list, "fetch": _fetch}[options.data_action](options)


def _list(options: argparse.Namespace) -> None:
    """`limber data list`: two lines for each source."""
    for source in read_manifest(options.manifest or MANIFEST):
        public = len(source.files) if source.archive else len(source.public_files)
        size = f"{source.bytes / 1e6:.1f} MB"
        print(f"{source.name:20} {size:>9}, {public} of {len(source.files)} files public, "
              f"{source.licence}: {source.title} ({source.home})")  # fmt: skip
        if source.note:
            print(f"{'':20} {source.note}")


def _fetch(options: argparse.Namespace) -> None:
    """`limber data fetch`: asks once, then a line for each source."""
    known = read_manifest(options.manifest or MANIFEST)
    sources = _chosen(known, options.only)
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


def _chosen(known: list[Source], names: list[str]) -> list[Source]:
    """Those sources, or all; raises LimberError for names that there are not."""
    by_name = {source.name: source for source in known}
    for name in names:
        if name not in by_name:
            raise LimberError(f"no source '{name}'; there are {', '.join(by_name)}")
    return [by_name[name] for name in names] if names else known
