"""`scrapy deduplicate`: which texts of a file tell one story, and the copy of each to keep."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from crawler.cluster.engine import UNMOUNTED, add_engine_option, ray_engine
from crawler.command import ColporteurCommand
from crawler.documents import Id, Part, id_type, parts_of, read_documents, write_rows
from crawler.errors import ConfigurationError
from crawler.storage.supply import Supply
from pipelines.clusters import Membership, memberships
from pipelines.fingerprinting import fingerprinted
from pipelines.resemblance import Fingerprints


class Command(ColporteurCommand):
    """Cluster the near-duplicates of any file of texts."""

    def syntax(self) -> str:
        return "[options] FILE|URI... -o OUT"

    def short_desc(self) -> str:
        return "Near-duplicate clusters of any file of texts"

    def long_desc(self) -> str:
        return (
            "FILE is JSON lines (.jsonl, .jsonl.gz), Parquet or a folder of Parquet with id, text "
            "and, if it likes, date, or with the dataset's own columns, whose minhash is taken as "
            "it is; OUT is JSON lines or Parquet, by its ending: for each text, in FILE's order, "
            "id, cluster_id (the id of the text to keep), duplicate_of (the same, null for the "
            "kept one), similarity (to the kept one, 0 to 1) and duplicate_kind (exact, near, "
            "contained). Kept is the earliest by date, else the first in FILE, unless it is a cut "
            "of a text that is there whole. Takes 1 kB of memory a text, and holds no text itself; "
            "what is more than one machine holds, --engine ray spreads over many. A URI (s3://…) "
            "names a file, a folder of Parquet, or what fits a *; each is copied here, beside OUT, "
            "while it is read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="OUT", help="the file to write")
        add_engine_option(parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read, cluster, write. Raises: ColporteurError."""
        if not args:
            raise ConfigurationError("give one FILE of texts, or several, JSON lines or Parquet.")
        if not opts.output:
            raise ConfigurationError("say with -o OUT which file to write.")
        out = Path(opts.output)
        supply = Supply(out.with_name(f"{out.name}.incoming"), (".parquet",))
        paths = supply.places(args)
        min_words = self.project_settings.getint("DEDUPLICATE_MIN_WORDS")
        if opts.engine == "ray":
            if supply:
                raise ConfigurationError(UNMOUNTED)
            with ray_engine():
                from crawler.cluster.deduplicate import clustered  # noqa: PLC0415

                with clustered(paths, out, min_words) as (kind, rows):
                    texts, copies = _write(out, kind, rows)
        else:
            with _parts(paths, supply) as parts:
                ids, found = _clustered(parts, min_words)
            texts, copies = _write(out, id_type(ids), _rows(ids, found))
        print(f"{texts} texts, {texts - copies} stories, {copies} copies.")


@contextmanager
def _parts(paths: Sequence[Path], supply: Supply) -> Iterator[Iterable[Part]]:
    """What there is to read. Where all is here, what is no file of texts is told at once."""
    if not supply:
        yield parts_of(paths)
        return
    supply.clear()
    try:
        yield (part for path in supply.brought(paths) for part in parts_of([path]))
    finally:
        supply.clear()


def _clustered(parts: Iterable[Part], min_words: int) -> tuple[list[Id], list[Membership]]:
    ids: list[Id] = []
    dates: list[datetime | None] = []
    content_hashes: list[str] = []
    compared: list[bool] = []
    signatures, vocabularies = bytearray(), bytearray()
    for document in read_documents(parts):
        one = fingerprinted(
            document.text, min_words, document.minhash, document.content_hash, document.word_count
        )
        ids.append(document.id)
        dates.append(document.date)
        content_hashes.append(one.content_hash)
        compared.append(one.is_compared)
        signatures += one.prints.signature
        vocabularies += one.prints.vocabulary
    fingerprints = Fingerprints.of_bytes(signatures, vocabularies)
    return ids, memberships(fingerprints, content_hashes, dates, compared)


def _rows(ids: list[Id], found: list[Membership]) -> Iterator[dict[str, Any]]:
    for own_id, member in zip(ids, found, strict=True):
        kept = ids[member.cluster]
        yield {
            "id": own_id,
            "cluster_id": kept,
            "duplicate_of": kept if member.kind else None,
            "similarity": member.similarity,
            "duplicate_kind": member.kind,
        }


def _write(out: Path, kind: pa.DataType, rows: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many texts there were, and how many copies among them."""
    texts = copies = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal texts, copies
        for row in rows:
            texts += 1
            copies += row["duplicate_kind"] is not None
            if kind == pa.string() and out.suffix == ".parquet":
                for name in ("id", "cluster_id", "duplicate_of"):
                    row[name] = None if row[name] is None else str(row[name])
            yield row

    write_rows(out, counted(), _schema(kind))
    return texts, copies


def _schema(kind: pa.DataType) -> pa.Schema:
    return pa.schema(
        [
            pa.field("id", kind, nullable=False),
            pa.field("cluster_id", kind, nullable=False),
            pa.field("duplicate_of", kind),
            pa.field("similarity", pa.float32()),
            pa.field("duplicate_kind", pa.string()),
        ]
    )
