"""What lies in each snapshot for whoever opens it: `README.md` and `croissant.json`.

They are written before the manifest, which has their checksums, and come with the same rename.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from pipelines.dataset.columns import MEANINGS, TABLE_MEANINGS
from pipelines.dataset.croissant import croissant
from pipelines.dataset.huggingface import front_matter
from pipelines.dataset.manifest import FileEntry, Manifest
from pipelines.dataset.summary import (
    COUNTED,
    Cells,
    SourceSummary,
    as_cells,
    by_source,
    cells_in,
)
from pipelines.schema import SCHEMAS, TABLES

CARD, CROISSANT = "README.md", "croissant.json"
_RIGHTS = (
    "The texts belong to their publishers, and are here for what the law allows without their "
    "leave, such as text and data mining. What each publisher said stands in the column rights."
)
# Sources, languages, reservations that are named one by one; the dataset has them all.
_SHOWN_SOURCES = 200
_SHOWN = 5


def describe(folder: Path, manifest: Manifest) -> Manifest:
    """Write card and Croissant into a draft; the manifest with their checksums. Raises: OSError."""
    sources = by_source((entry.table, _cells(folder, entry)) for entry in manifest.files)
    languages = _languages(sources.values())
    name = f"Colporteur dataset, snapshot {manifest.snapshot}"
    cite_as = f"{name}, written {manifest.created}"
    said = croissant(manifest, name, _RIGHTS, cite_as, languages)
    texts = {
        CARD: "\n".join(_card(manifest, sources, name, languages)) + "\n",
        CROISSANT: json.dumps(said, indent=1, ensure_ascii=False) + "\n",
    }
    return replace(
        manifest, papers={name: _write(folder / name, text) for name, text in texts.items()}
    )


def _cells(folder: Path, entry: FileEntry) -> Cells:
    """Files from before cells were kept are counted anew."""
    if entry.cells or not entry.rows or entry.table not in COUNTED:
        return entry.cells
    return as_cells(cells_in(folder / entry.path))


def _languages(sources: Iterable[SourceSummary]) -> list[str]:
    """Without their regions and scripts, the most frequent first."""
    count: Counter[str] = Counter()
    for source in sources:
        for language, rows in source.languages.items():
            count[language.partition("-")[0]] += rows
    del count["und"]
    return [language for language, _ in count.most_common()]


def _card(
    manifest: Manifest, sources: Mapping[str, SourceSummary], name: str, languages: list[str]
) -> Iterator[str]:
    rows = manifest.rows()
    months = sorted(entry.place.partition("/")[2] for entry in manifest.files if entry.rows)
    span = f"; months {months[0]} to {months[-1]}" if months else ""
    yield front_matter(name, rows, languages)
    yield f"\n# {name}\n"
    yield f"Written {manifest.created} by run {manifest.run_id}; schema version"
    yield f"{manifest.schema_version}{span}. A snapshot never changes, but for erasure. Files,"
    yield "rows and checksums are in `manifest.json`.\n"
    yield "| table | rows | |\n| --- | ---: | --- |"
    yield from (f"| {table} | {rows[table]:,} | {TABLE_MEANINGS[table]} |" for table in TABLES)
    yield from _sources(sources)
    yield "\n## Licence and rights\n"
    yield _RIGHTS
    yield "`decision` says under which limits a text was collected; nothing is in it that the"
    yield "publisher had reserved when it was fetched, unless it says `against`.\n"
    yield from _rights(sources)
    yield "\n## How to open it\n"
    yield files("pipelines.dataset").joinpath("opening.md").read_text("utf-8").rstrip()
    yield "\n## How to cite\n"
    yield "Cite the publishers of the texts that you use (`publisher`, `url`, `date_published`);"
    yield "of the collection, this snapshot by number, date and the SHA-256 of `manifest.json`:\n"
    yield "```bibtex"
    yield f"@misc{{colporteur_{manifest.snapshot},"
    yield f"  title = {{{name}}},"
    yield f"  year = {{{manifest.created[:4]}}},"
    yield f"  note = {{Run {manifest.run_id}, schema version {manifest.schema_version}}}\n}}\n```"
    yield "\n## Columns\n"
    yield "| column | type | tables | meaning |\n| --- | --- | --- | --- |"
    yield from _columns()


def _sources(sources: Mapping[str, SourceSummary]) -> Iterator[str]:
    yield "\n## Sources\n"
    yield "| source | articles | copies | languages |\n| --- | ---: | ---: | --- |"
    for source, summary in list(sources.items())[:_SHOWN_SOURCES]:
        counts = " | ".join(f"{summary.tables[table]:,}" for table in COUNTED)
        yield f"| {_cell(source)} | {counts} | {_shown(summary.languages)} |"
    if len(sources) > _SHOWN_SOURCES:
        yield f"\nand {len(sources) - _SHOWN_SOURCES} more."


def _rights(sources: Mapping[str, SourceSummary]) -> Iterator[str]:
    yield "| source | decision | what was reserved |\n| --- | --- | --- |"
    for source, summary in list(sources.items())[:_SHOWN_SOURCES]:
        reserved = _shown(summary.reservations) or "nothing"
        yield f"| {_cell(source)} | {_shown(summary.decisions)} | {reserved} |"


def _columns() -> Iterator[str]:
    for column, meaning in MEANINGS.items():
        tables = [table for table in TABLES if column in SCHEMAS[table].names]
        kind = str(SCHEMAS[tables[0]].field(column).type).partition("<")[0]
        where = ", ".join(tables) if len(tables) < len(TABLES) else "all"
        yield f"| `{column}` | {kind} | {where} | {meaning} |"


def _shown(count: Counter[str]) -> str:
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{_cell(words)} {rows:,}" for words, rows in ordered[:_SHOWN])
    return named + (", …" if len(count) > _SHOWN else "")


def _cell(words: str) -> str:
    """Words of a site, which are to be read only: neither table nor link nor HTML."""
    return re.sub(r"([\\|\[\]`<>])", r"\\\1", " ".join(words.split()))


def _write(path: Path, text: str) -> str:
    """Write a file, on disk when this returns; its SHA-256."""
    data = text.encode()
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(data).hexdigest()
