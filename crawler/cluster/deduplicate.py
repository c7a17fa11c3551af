"""Near-duplicate clusters of more texts than one machine holds: dataframes over `near_pairs`.

Each step writes its result to a folder beside OUT, which every machine must see, and the next reads
it there: a worker that dies costs its step only, and no step holds more than a band's share of the
fingerprints. What this process holds is the pairs that were found, 16 bytes each.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, Final

import daft
import pyarrow as pa
import pyarrow.parquet as pq
from daft import DataFrame, DataType, Expression, Series, col
from daft.functions import unnest

from crawler.cluster.engine import persistent
from crawler.cluster.sources import frame_of
from crawler.documents import Document, Part, id_type, parts_of, read_part
from crawler.errors import ConfigurationError
from pipelines import near_pairs
from pipelines.bands import BANDS
from pipelines.fingerprinting import fingerprinted

logger = logging.getLogger(__name__)

# Bands in one shuffle: 80 bytes for each text and band are on their way at once.
_BANDS_AT_ONCE: Final = 8
# The places of a part's texts are so far from those of the next: no part has more.
_PART_ROWS: Final = 2**36
_BATCH_ROWS: Final = 2_000
_PRINTS: Final = ("signature", "vocabulary")
_KEYS = DataType.list(DataType.uint64())
_MEMBERS = DataType.list(DataType.from_arrow_type(near_pairs.MEMBER))
_PAIRS = DataType.list(DataType.from_arrow_type(near_pairs.PAIR))


def read_fingerprinted(
    parts: Sequence[Part], min_words: int, number: int
) -> Iterator[pa.RecordBatch]:
    """The fingerprints of a part's texts; the last row may be what is wrong with the next.

    A mistake is no error: the engine would only begin again.
    """
    rows = _fingerprinted_rows(read_part(parts[number]), min_words, number * _PART_ROWS)
    while batch := list(islice(rows, _BATCH_ROWS)):
        yield pa.RecordBatch.from_pylist(batch, near_pairs.FINGERPRINTED)


def _fingerprinted_rows(
    texts: Iterator[tuple[str, Document]], min_words: int, first: int
) -> Iterator[dict[str, Any]]:
    try:
        for row, (_, one) in enumerate(texts, first):
            found = fingerprinted(
                one.text, min_words, one.minhash, one.content_hash, one.word_count
            )
            yield {
                "row": row,
                "id": json.dumps(one.id, ensure_ascii=False),
                "date": one.date,
                "content_hash": found.content_hash,
                "is_compared": found.is_compared,
                "signature": found.prints.signature,
                "vocabulary": found.prints.vocabulary,
            }
    except ConfigurationError as error:
        nothing = {"row": -1, "id": "", "content_hash": "", "is_compared": False}
        yield nothing | {"signature": b"", "vocabulary": b"", "complaint": str(error)}


@contextmanager
def clustered(
    paths: Sequence[Path], out: Path, min_words: int
) -> Iterator[tuple[pa.DataType, Iterator[dict[str, Any]]]]:
    """The type of the texts' ids, and a row a text, in their order; the engine must run.

    What is held on the disk meanwhile lies beside `out`. Raises: ColporteurError.
    """
    parts = parts_of(paths)
    daft.set_runner_ray(noop_if_initialized=True)
    folder = out.with_name(f"{out.name}.work").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        steps = Steps(folder)
        steps.fingerprint(parts, min_words)
        kind = steps.id_type()
        steps.find_pairs()
        steps.connect()
        yield kind, steps.rows()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Steps:
    """From texts to clusters, over one working folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, list[str]] = {}
        self._schemas: dict[str, pa.Schema] = {}

    def fingerprint(self, parts: Sequence[Part], min_words: int) -> None:
        """Read every text. Raises: ConfigurationError naming the file and row of a wrong one."""
        read = partial(read_fingerprinted, parts, min_words)
        self._keep("texts", lambda: frame_of(len(parts), read, near_pairs.FINGERPRINTED))
        complaints = self._kept("texts").where(col("complaint").not_null())
        if found := self._first(complaints, "complaint"):
            raise ConfigurationError(found)

    def id_type(self) -> pa.DataType:
        """As `documents.id_type`. Raises: ConfigurationError if two texts have one id."""
        ids = self._kept("texts").groupby("id").agg(col("row").count().alias("texts"))
        if twice := self._first(ids.where(col("texts") > 1), "id"):
            raise ConfigurationError(
                f"the id {json.loads(twice)!r} is that of several texts; give every text its own."
            )
        words = self._first(ids.where(col("id").startswith('"')), "id")
        return id_type([json.loads(words) if words else 0])

    def find_pairs(self) -> None:
        """Which texts have a fingerprint that says they are the same."""
        texts = self._kept("texts").where(col("is_compared"))
        firsts = texts.groupby("content_hash").agg(col("row").min().alias("first"))
        self._keep("firsts", lambda: firsts)
        joined = texts.join(self._kept("firsts"), on="content_hash")
        same = joined.where(col("row") != col("first"))
        exact = same.select(col("first").alias("one"), col("row").alias("other"))
        self._keep("exact", lambda: exact)
        distinct = joined.where(col("row") == col("first")).select("row", *_PRINTS)
        self._keep("distinct", lambda: distinct)
        for first in range(0, BANDS, _BANDS_AT_ONCE):
            last = min(first + _BANDS_AT_ONCE, BANDS)
            self._keep(f"candidates-{first}", partial(self._candidates, first, last))
        self._keep("near", self._near)

    def _candidates(self, first: int, last: int) -> DataFrame:
        keys = _batch(partial(near_pairs.buckets, first=first, last=last), _KEYS)
        entry = _batch(near_pairs.entries, DataType.binary())
        keyed = self._kept("distinct").select(
            keys(col("signature")).alias("key"), entry(col("row"), col("signature")).alias("entry")
        )
        filled = keyed.explode("key").groupby("key").agg(col("entry").list_agg())
        filled = filled.where(col("entry").length() > 1)
        pairs = filled.select(_batch(near_pairs.near_pairs, _PAIRS)(col("entry")).alias("pair"))
        pairs = pairs.explode("pair").where(col("pair").not_null()).select(unnest(col("pair")))
        return pairs.distinct()

    def _near(self) -> DataFrame:
        distinct = self._kept("distinct")
        pairs = self._kept(*(f"candidates-{first}" for first in range(0, BANDS, _BANDS_AT_ONCE)))
        pairs = pairs.distinct()
        for side in ("one", "other"):
            prints = [col(name).alias(f"{name}_{side}") for name in _PRINTS]
            pairs = pairs.join(distinct.select(col("row").alias(side), *prints), on=side)
        columns = [col(f"{name}_{side}") for side in ("one", "other") for name in _PRINTS]
        same = _batch(near_pairs.are_same, DataType.bool())(*columns)
        return pairs.where(same).select("one", "other")

    def connect(self) -> None:
        """The clusters that the pairs make, and whom each of their members is a copy of."""
        pairs = pa.concat_tables([self._here("exact"), self._here("near")])
        roots = near_pairs.components(pairs["one"].to_numpy(), pairs["other"].to_numpy())
        pq.write_table(roots, self._folder / "roots.parquet")
        self._files["roots"] = [str(self._folder / "roots.parquet")]
        self._keep("members", self._members)

    def _members(self) -> DataFrame:
        texts = self._kept("texts").join(self._kept("roots"), on="row")
        names = ("row", "id", "date", "content_hash", "signature", "vocabulary")
        clusters = texts.groupby("root").agg(*[col(name).list_agg() for name in names])
        found = _batch(near_pairs.members, _MEMBERS)(*map(col, names))
        each = clusters.select(found.alias("member")).explode("member")
        return each.select(unnest(col("member")))

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row a text, in their order."""
        texts = self._kept("texts").select("row", "id")
        found = texts.join(self._kept("members"), on="row", how="left").sort("row")
        self._keep("rows", lambda: found)
        for file in sorted(filter(_rows_of, self._files["rows"]), key=_first_row):
            for batch in pq.ParquetFile(file).iter_batches(_BATCH_ROWS):
                yield from map(_written_row, batch.to_pylist())

    def _keep(self, name: str, make: Callable[[], DataFrame]) -> None:
        """Write what a step gives."""

        def write() -> None:
            folder = self._folder / name
            shutil.rmtree(folder, ignore_errors=True)
            frame = make()
            self._schemas[name] = frame.schema().to_pyarrow_schema()
            # Not what lies there: a worker that died may have left a file that another wrote again.
            self._files[name] = frame.write_parquet(str(folder)).to_pydict()["path"]

        begun = monotonic()
        persistent(write, f'the step "{name}"')
        logger.info("%s: %.1f s", name, monotonic() - begun)

    def _first(self, rows: DataFrame, column: str) -> str | None:
        """The value in the first of rows, None if there is no row."""
        found: dict[str, list[str]] = persistent(
            rows.select(column).limit(1).to_pydict, f"the look at {column}"
        )
        return next(iter(found[column]), None)

    def _kept(self, *names: str) -> DataFrame:
        files = [file for name in names for file in self._files[name]]
        if files:
            return daft.read_parquet(files)
        return daft.from_arrow(self._schemas[names[0]].empty_table())

    def _here(self, name: str) -> pa.Table:
        return pa.concat_tables(
            [self._schemas[name].empty_table(), *map(pq.read_table, self._files[name])]
        )


def _rows_of(file: str) -> int:
    return int(pq.read_metadata(file).num_rows)


def _first_row(file: str) -> int:
    """Each file of sorted rows is in order, and none begins before another ends."""
    return int(next(pq.ParquetFile(file).iter_batches(1, columns=["row"]))["row"][0].as_py())


def _written_row(row: dict[str, Any]) -> dict[str, Any]:
    own_id = json.loads(row["id"])
    kept = json.loads(row["cluster_id"] or row["id"])
    return {
        "id": own_id,
        "cluster_id": kept,
        "duplicate_of": kept if row["duplicate_kind"] else None,
        "similarity": row["similarity"],
        "duplicate_kind": row["duplicate_kind"],
    }


def _batch(function: Callable[..., pa.Array], kind: DataType) -> Callable[..., Expression]:
    """A function of Arrow columns as one of Daft's."""

    def of_series(*columns: Series) -> pa.Array:
        return function(*(column.to_arrow() for column in columns))

    # Daft shows it.
    of_series.__name__ = getattr(function, "func", function).__name__
    spread: Callable[..., Expression] = daft.func.batch(return_dtype=kind)(of_series)
    return spread
