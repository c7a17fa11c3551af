from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawler.documents import Document, id_type, parts_of, read_documents, write_rows
from crawler.errors import ConfigurationError

FIRST = {"id": "a", "text": "Le pont rouvre.", "date": "2026-11-23T08:30:00+01:00"}


def line(**changes: Any) -> str:
    return json.dumps({"id": "b", "text": "Le marché ferme."} | changes)


def test_texts_come_in_their_order_with_their_dates_in_one_zone_or_none(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f"{json.dumps(FIRST)}\n\n{line(date='2026-11-24')}\n{line(id=7, date='')}\n")
    first, second, third = read_documents(parts_of([file]))
    assert first.date == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert second == Document("b", "Le marché ferme.", datetime(2026, 11, 24, tzinfo=UTC))
    assert third == Document(7, "Le marché ferme.")


def test_parquet_gives_the_same_with_days_and_moments_as_dates(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 24, 6, tzinfo=UTC)
    for value, expected in (
        (moment, moment),
        (moment.replace(tzinfo=None), moment),
        (moment.date(), moment.replace(hour=0)),
        (None, None),
    ):
        table = pa.table({"id": ["a"], "text": ["Le pont."], "date": [value], "other": [1]})
        pq.write_table(table, tmp_path / "a.parquet")
        assert list(read_documents(parts_of([tmp_path / "a.parquet"]))) == [
            Document("a", "Le pont.", expected)
        ]


def test_the_datasets_own_columns_do_as_well_and_of_its_fingerprints_there_need_be_no_text(
    tmp_path: Path,
) -> None:
    minhash = b"12345678" * 64
    bare = {"article_id": "a", "minhash": minhash, "content_hash": "c", "word_count": 40}
    (tmp_path / "p_month=2026-11").mkdir()
    file = tmp_path / "p_month=2026-11" / "1.parquet"
    pq.write_table(pa.Table.from_pylist([bare]), file)
    pq.write_table(
        pa.Table.from_pylist([bare | {"article_id": "b", "article_body": "Le pont."}]),
        tmp_path / "2.parquet",
    )
    assert list(read_documents(parts_of([tmp_path]))) == [
        Document("b", "Le pont.", None, minhash, "c", 40),
        Document("a", None, None, minhash, "c", 40),
    ]
    with pytest.raises(
        ConfigurationError, match=r"1\.parquet, row 1: the id 'a' is that of row 1 "
    ):
        list(read_documents(parts_of([file, file])))


def test_a_minhash_of_another_make_is_passed_over(tmp_path: Path) -> None:
    for minhash in (b"short", [1, 2], "text"):
        row = {"id": "a", "text": "Le pont.", "minhash": minhash}
        pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
        assert list(read_documents(parts_of([tmp_path / "a.parquet"]))) == [
            Document("a", "Le pont.")
        ]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("{", r"a\.jsonl, line 2: no JSON object \("),
        ("7", r"a\.jsonl, line 2: no JSON object but int\."),
        (
            '{"id": "b", "body": ""}',
            r'a\.jsonl, line 2: there is no "text"; it has id, body\.',
        ),
        (line(id=None), r'a\.jsonl, line 2: "id" must be a string or a whole number\.'),
        (line(id=True), r'a\.jsonl, line 2: "id" must be a string or a whole number\.'),
        (line(text=7), r'a\.jsonl, line 2: "text" must be a string\.'),
        (line(date="yesterday"), r'a\.jsonl, line 2: "date" must be like 2026-11-23'),
        (line(date=7), r"a\.jsonl, line 2: .* got 7\."),
        (line(id="a"), r"a\.jsonl, line 2: the id 'a' is that of line 1 too"),
        ("\udce9", r"a\.jsonl is not UTF-8"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(tmp_path: Path, second: str, message: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(f"{json.dumps(FIRST)}\n{second}\n".encode(errors="surrogateescape"))
    with pytest.raises(ConfigurationError, match=message):
        list(read_documents(parts_of([file])))


def test_a_file_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    pq.write_table(pa.table({"id": ["a"], "body": ["b"]}), tmp_path / "bare.parquet")
    pq.write_table(pa.table({"id": ["a"], "minhash": [b""]}), tmp_path / "prints.parquet")
    (tmp_path / "empty").mkdir()
    packed = gzip.compress(line().encode() * 50)
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    for name, message in (
        ("no.jsonl", r"no\.jsonl cannot be read: No such file or directory\."),
        ("no.parquet", r"no\.parquet cannot be read"),
        ("broken.parquet", r"broken\.parquet is no readable Parquet file"),
        ("prints.parquet", r'prints\.parquet: there is no "content_hash"; it has id, minhash\.'),
        ("empty", r"empty is a folder without a \.parquet file\."),
        ("bare.parquet", r'bare\.parquet: there is no "text"; it has id, body\.'),
        ("cut.jsonl.gz", r"cut\.jsonl\.gz cannot be read"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            list(read_documents(parts_of([tmp_path / name])))


def test_a_file_that_cannot_be_written_is_told_by_its_name(tmp_path: Path) -> None:
    schema = pa.schema([("id", id_type(["a"]))])
    for name in ("b.jsonl", "b.parquet"):
        with pytest.raises(ConfigurationError, match=rf"{name} cannot be written: No such file"):
            write_rows(tmp_path / "no" / name, [{"id": "a"}], schema)


def test_ids_are_numbers_only_if_all_of_them_are() -> None:
    assert id_type([1, 2]) == pa.int64()
    assert id_type([1, "2"]) == pa.string()
