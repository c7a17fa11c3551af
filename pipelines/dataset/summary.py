"""What a file holds, counted while it is written, so that a card costs no reading of the dataset.

A cell is a source, a language, what was decided on rights and what the publisher had reserved, and
how many rows are so. Files keep theirs in the manifest; a snapshot's are the sum of its files'.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# Tables whose rows are texts of publishers that are current.
COUNTED = ("articles", "duplicates")
_RIGHTS = ("decision", "tdm_reservation", "ai_preferences")

# A site may say something else on each page, and at length: of a file's cells the largest are kept,
# and of the words of the others that there were some.
CELLS_MAX = 200
_WORDS_MAX = 80
_SOME = "…"

Cell = tuple[str | None, ...]
# The values of a cell, and after them its rows.
Cells = tuple[tuple[Any, ...], ...]


def cells_of(rows: pa.Table) -> Counter[Cell]:
    """How many rows are of each cell."""
    rights = rows["rights"]
    said = [pc.struct_field(rights, name) for name in _RIGHTS]
    said = [pc.utf8_slice_codeunits(words, 0, _WORDS_MAX) for words in said]
    columns = [rows["source"], rows["language"], *said]
    return Counter(zip(*(column.to_pylist() for column in columns), strict=True))


def cells_in(path: Path) -> Counter[Cell]:
    """The same of a file. Raises: OSError, pyarrow.ArrowException."""
    with pq.ParquetFile(path) as file:
        return cells_of(file.read(["source", "language", "rights"]))


def as_cells(count: Counter[Cell]) -> Cells:
    """The cells of a file, as its entry in the manifest has them."""
    kept: Counter[Cell] = Counter()
    for number, (cell, rows) in enumerate(count.most_common()):
        if number >= CELLS_MAX:
            cell = (*cell[:3], *(words and _SOME for words in cell[3:]))  # noqa: PLW2901
        kept[cell] += rows
    ordered = sorted(kept.items(), key=lambda item: [value or "" for value in item[0]])
    return tuple((*cell, rows) for cell, rows in ordered)


@dataclass(slots=True)
class SourceSummary:
    """One source: rows by table, language and decision, and the words of its reservations."""

    tables: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    reservations: Counter[str] = field(default_factory=Counter)


def by_source(cells: Iterable[tuple[str, Cells]]) -> dict[str, SourceSummary]:
    """The sources, most articles first; `cells` are those of files, each with its table."""
    found: defaultdict[str, SourceSummary] = defaultdict(SourceSummary)
    for table, file in cells:
        for source, language, decision, *said, rows in file:
            summary = found[source]
            summary.tables[table] += rows
            summary.languages[language] += rows
            summary.decisions[decision] += rows
            for words in _reservations(said):
                summary.reservations[words] += rows
    ordered = sorted(found.items(), key=lambda item: (-item[1].tables["articles"], item[0]))
    return dict(ordered)


def _reservations(said: Iterable[str | None]) -> Iterator[str]:
    for name, words in zip(_RIGHTS[1:], said, strict=True):
        if words:
            yield f"{name}: {words}"
