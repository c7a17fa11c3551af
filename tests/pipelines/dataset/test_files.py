from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawler.items import Comment
from pipelines.dataset.files import BLOOM_COLUMNS, ROW_GROUP_BYTES, ROW_GROUP_ROWS, write_rows
from pipelines.quality import QualityPipeline
from pipelines.schema import SCHEMAS, TABLES, Table, article_row, comment_rows, to_batch
from tests.pipelines.newsroom import story, words

ROOT = Path(__file__).parents[3]


def comment_batch(count: int) -> pa.RecordBatch:
    comments = [Comment(comment_id=str(i), text="Oui.", position=i) for i in range(count)]
    return to_batch("comments", comment_rows("a", comments))


@pytest.mark.parametrize("table", TABLES)
def test_a_file_without_rows_has_the_whole_schema(tmp_path: Path, table: Table) -> None:
    entry = write_rows(tmp_path, f"{table}/2026-11", "run", [])
    assert entry.path == f"{table}/p_month=2026-11/run.parquet"
    assert entry.rows == 0
    schema = pq.read_schema(tmp_path / entry.path)
    assert schema.equals(SCHEMAS[table])
    assert schema.metadata == SCHEMAS[table].metadata


def test_many_small_batches_make_row_groups_of_a_useful_size(tmp_path: Path) -> None:
    batches = [comment_batch(7)] * (2 * ROW_GROUP_ROWS // 7) + [comment_batch(ROW_GROUP_ROWS * 2)]
    entry = write_rows(tmp_path, "comments/2026-11", "run", batches)
    meta = pq.read_metadata(tmp_path / entry.path)
    assert entry.rows == meta.num_rows == sum(batch.num_rows for batch in batches)
    sizes = [meta.row_group(number).num_rows for number in range(meta.num_row_groups)]
    assert len(sizes) < 8
    assert max(sizes) <= ROW_GROUP_ROWS


def test_long_articles_make_row_groups_of_few_rows(tmp_path: Path) -> None:
    article = QualityPipeline().process_item(story("a", words("long", 20_000)))
    batch = to_batch("articles", [article_row(article)])
    in_a_group = ROW_GROUP_BYTES // batch.nbytes + 1
    entry = write_rows(tmp_path, "articles/2026-11", "run", [batch] * (in_a_group + 1))
    meta = pq.read_metadata(tmp_path / entry.path)
    assert [meta.row_group(number).num_rows for number in range(2)] == [in_a_group, 1]


def test_nothing_that_a_reader_globs_is_there_until_the_file_is_whole(tmp_path: Path) -> None:
    seen: list[list[Path]] = []

    def batches() -> object:
        yield comment_batch(ROW_GROUP_ROWS)
        seen.append(list(tmp_path.rglob("*.parquet")))
        yield comment_batch(1)

    write_rows(tmp_path, "comments/2026-11", "run", batches())  # type: ignore[arg-type]
    assert seen == [[]]
    assert [path.name for path in tmp_path.rglob("*.*")] == ["run.parquet"]


def test_texts_are_compressed_pages_carry_checksums_and_ids_a_bloom_filter(tmp_path: Path) -> None:
    article = QualityPipeline().process_item(story("a", words("long", 20_000)))
    entry = write_rows(
        tmp_path, "articles/2026-11", "run", [to_batch("articles", [article_row(article)])]
    )
    path = tmp_path / entry.path
    assert entry.bytes == path.stat().st_size < len(article.article_body)
    group = pq.read_metadata(path).row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert all(column.has_offset_index for column in columns.values())
    for name in set(BLOOM_COLUMNS) & set(columns):
        assert columns[name].bloom_filter_offset, name
    damaged = bytearray(path.read_bytes())
    damaged[columns["article_body"].data_page_offset + 200] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(OSError, match="CRC"):
        pq.read_table(path, partitioning=None, page_checksum_verification=True)


# Writes long articles that come one by one, as a commit's do; prints the bytes of memory it took.
WRITING = """
import sys
from pathlib import Path
from pipelines.dataset.files import ROW_GROUP_ROWS, write_rows
from pipelines.dataset.rows import pack, unpack
from pipelines.quality import QualityPipeline
from pipelines.schema import article_row, to_batch
from tests.pipelines.newsroom import story, words

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096

article = QualityPipeline().process_item(story("a", words("long", 1_500)))
one = pack(to_batch("articles", [article_row(article)]))
write_rows(Path(sys.argv[1]), "articles/2026-10", "first", [unpack(one)])
before = resident()
rows = (unpack(one) for _ in range(ROW_GROUP_ROWS))
write_rows(Path(sys.argv[1]), "articles/2026-11", "run", rows)
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's own figures")
def test_thousands_of_articles_that_come_one_by_one_take_little_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITING, str(tmp_path)],
        check=True, cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert int(done.stdout) < 60_000_000
