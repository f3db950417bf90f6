"""The table of codecs as Markdown: on the screen, and beside its JSON."""

from collections.abc import Callable, Sequence

Cell = Callable[[dict], str]
Column = tuple[str, Cell]

NOTES = """\
Every codec had the same budget, but is trained once: differences of a few per cent are within what
another seed would change. Errors are in millimetres, of joints relative to the root; PA is after
the best similarity transform of each frame, fingers are in the frame of their wrist. Acceleration
(its distance from that of the source smoothed at 6 Hz) and foot slide on real clips are multiples
of the source's own; made clips do not slide, so there it is in cm/s. Behind the arrow stands what
the product makes of it: low-passed, feet locked. Fréchet distances (32 dimensions, windows of 2 s)
stand with their 95 % interval over clips. `+flow@4` is a flow decoder in 4 steps. The papers'
figures are of their own data and skeletons."""
VERDICTS = {True: "reproduced", False: "NOT reproduced", None: "not measured"}
DOUBT = ", but other clips might turn it round"


def report(table: dict) -> str:
    """Markdown of what ``codec_table.run_codecs`` returns."""
    rows = dict(sorted(table["rows"].items()))
    sections = [("# Codecs", NOTES)]
    sections += [(f"## {title}", _table(rows, columns)) for title, columns in TABLES.items()]
    sections.append(("## What the papers claim", claims_table(table["claims"])))
    return "\n\n".join(part for section in sections for part in section) + "\n"


def claims_table(claims: list[dict]) -> str:
    """One line per claim, with both figures."""
    lines = [
        [
            claim["paper"],
            f"{claim['better']} before {claim['worse']}",
            f"{claim['figure']}, {claim['clips']}",
            f"{_number(claim['better_figure'])} : {_number(claim['worse_figure'])}",
            VERDICTS[claim["reproduced"]] + (DOUBT if _is_doubtful(claim) else ""),
        ]
        for claim in claims
    ]
    return _markdown(["claim", "codecs", "figure", "values", "here"], lines)


def _is_doubtful(claim: dict) -> bool:
    interval = claim.get("interval")
    return bool(interval) and interval[0] <= 0.0 <= interval[1]


def _table(rows: dict[str, dict], columns: Sequence[Column]) -> str:
    heads = ["codec", *(head for head, _ in columns)]
    return _markdown(
        heads, [[name, *(cell(row) for _, cell in columns)] for name, row in rows.items()]
    )


def _markdown(heads: list[str], lines: list[list[str]]) -> str:
    """Columns padded to one width, so that it reads on a screen as well."""
    widths = [max(map(len, column)) for column in zip(heads, *lines)]
    padded = [
        [
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(line, widths))
        ]
        for line in [heads, *lines]
    ]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(line) + " |" for line in [padded[0], rule, *padded[1:]])


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


def _of(*path: str) -> Cell:
    """The figure at a path of keys in a row."""

    def cell(row: dict) -> str:
        return _number(_found(row, *path))

    return cell


def _finished(kind: str, name: str) -> Cell:
    """A figure as decoded, and of the finished motion."""

    def cell(row: dict) -> str:
        decoded = _found(row, "clips", kind, name)
        return f"{_number(decoded)} → {_number(_found(row, 'clips', kind, 'finished', name))}"

    return cell


def _frechet(kind: str) -> Cell:
    def cell(row: dict) -> str:
        interval = _found(row, "clips", kind, "frechet_interval")
        distance = _number(_found(row, "clips", kind, "frechet"))
        return (
            f"{distance} ({_number(interval[0])}–{_number(interval[1])})" if interval else distance
        )

    return cell


def _found(values: dict | None, *path: str):
    for key in path:
        values = values.get(key) if values else None
    return values


def _errors(kind: str, **heads: str) -> tuple[Column, ...]:
    return tuple((head.replace("_", " "), _of("clips", kind, name)) for head, name in heads.items())


TABLES: dict[str, tuple[Column, ...]] = {
    "Held-out real clips": (
        *_errors("real", MPJPE="mpjpe_body_mm", PA="pa_mpjpe_body_mm"),
        *_errors("real", root_ADE="root_ade_mm", root_FDE="root_fde_mm"),
        ("acceleration", _finished("real", "acceleration_ratio")),
        ("foot slide", _finished("real", "foot_slide_ratio")),
        ("Fréchet", _frechet("real")),
    ),
    "Procedural clips, and fingers of three real ones": (
        *_errors("procedural", MPJPE="mpjpe_body_mm", all="mpjpe_mm", PA_body="pa_mpjpe_body_mm"),
        *_errors("procedural", PA_all="pa_mpjpe_mm", PA_hands="pa_mpjpe_hands_mm"),
        *_errors("procedural", fingers="fingers_mm"),
        *_errors("hands", real_fingers="fingers_mm"),
        ("acceleration", _finished("procedural", "acceleration_ratio")),
        ("foot slide cm/s", _finished("procedural", "foot_slide_cm_s")),
        ("Fréchet", _frechet("procedural")),
    ),
    "Codes, sizes, speed": (
        ("codes/s", _of("codes_per_second")),
        ("bits/s", _of("bits_per_second")),
        ("codes used", lambda row: f"{row['codebook_use']:.0%}"),
        ("weights", lambda row: f"{row['parameters'] / 1e6:.2f}M"),
        ("streaming fps", _of("streaming_fps")),
        ("offline fps", _of("offline_fps")),
        ("look-ahead", _of("lookahead_token_frames")),
        ("the paper's own", lambda row: row["paper"] or "–"),
    ),
}
