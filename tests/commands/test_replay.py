"""`scrapy replay`: the demo crawled with the archive on, and made again from it alone."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.archive.reader import WarcReader
from crawler.demo.server import Newspaper
from crawler.settings import ITEM_PIPELINES
from tests.crawls import ENVIRONMENT, ROOT, crawl, rows, state
from tests.kills import OF_THE_RUN, differences, read


def replay(data: Path, *files: Path) -> tuple[int, str]:
    """Replay to the end; exit code and output. Nothing listens, and no host may be asked."""
    line = [sys.executable, "-m", "scrapy", "replay", "-s", f"DATA_DIR={data}", *map(str, files)]
    key = ["-s", f"PRIVACY_KEY_FILE={data.parent / 'key'}"]
    done = subprocess.run(
        [*line, *key], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=90,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the newspaper and its archive; the newspaper is closed."""
    data = tmp_path_factory.mktemp("replay") / "crawled"
    with Newspaper() as paper:
        sources = data.parent / "sources.toml"
        sources.write_text(paper.sources_toml(), encoding="utf-8")
        key = ("-s", f"PRIVACY_KEY_FILE={data.parent / 'key'}")
        done = crawl(data, "-s", f"SOURCES={sources}", "-s", "ARCHIVE_ENABLED=1", *key)
    assert done.exit_code == 0, done.output[-3000:]
    return data


def files_of(data: Path) -> list[Path]:
    return sorted((data / "archive").rglob("*.warc.gz"))


@pytest.fixture(scope="module")
def replayed(archived: Path) -> Path:
    """A data folder made from nothing but the archive."""
    data = archived.parent / "replayed"
    code, output = replay(data, *files_of(archived))
    assert code == 0, output[-3000:]
    return data


def test_a_replay_that_is_stopped_in_the_middle_of_an_article_ends(
    archived: Path, tmp_path: Path
) -> None:
    pipelines = {"tests.commands.slow_pipeline.SlowPipeline": 50, **ITEM_PIPELINES}
    line = [sys.executable, "-m", "scrapy", "replay", *map(str, files_of(archived))]
    settings = (f"DATA_DIR={tmp_path}", f"ITEM_PIPELINES={json.dumps(pipelines)}")
    words = [word for one in settings for word in ("-s", one)]
    with subprocess.Popen(
        [*line, *words], cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        assert any(said == "an article\n" for said in run.stderr)
        run.terminate()
        try:
            assert run.wait(30) == 6
        finally:
            run.kill()


def test_a_replay_into_an_empty_folder_gives_the_tables_of_the_crawl(
    archived: Path, replayed: Path
) -> None:
    assert "warc_file" not in OF_THE_RUN
    assert differences(read(archived), read(replayed)) == []
    assert len(rows(replayed)) > 50


def test_a_file_that_was_done_is_not_done_again(
    archived: Path, replayed: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(replayed, data, symlinks=True)
    snapshot = (data / "latest").readlink()
    code, output = replay(data, *files_of(archived))
    assert code == 0
    assert "was replayed before" in output
    assert (data / "latest").readlink() == snapshot
    assert len(state(data, "SELECT name FROM replayed")) == 1


def test_what_is_no_page_is_counted_and_never_fatal(archived: Path, tmp_path: Path) -> None:
    (whole,) = files_of(archived)
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(whole.read_bytes()[:-100_000])
    rubbish = tmp_path / "rubbish.warc.gz"
    rubbish.write_bytes(gzip.compress(b"<html>no archive</html>"))
    arc = tmp_path / "old.arc"
    arc.write_bytes(
        b"filedesc://old.arc 0.0.0.0 20080401000000 text/plain 69\n1 0 Test\n"
        b"URL IP-address Archive-date Content-type Archive-length\n\n\n"
        b"http://old.localhost/ 127.0.0.1 20080401000000 text/html 44\n"
        b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>\n\n"
    )
    code, output = replay(tmp_path / "data", torn, rubbish, arc)
    assert code == 0, output[-3000:]
    assert "replay/arc" in output
    assert "replay/unreadable" in output
    assert rows(tmp_path / "data")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, output = replay(tmp_path / "data", tmp_path / "none.warc.gz")
    assert code == 2
    assert "none.warc.gz" in output


def test_saved_pages_become_the_rows_of_their_crawl(archived: Path, tmp_path: Path) -> None:
    found = rows(archived)[:8]
    (whole,) = files_of(archived)
    reader = WarcReader(whole, 10_000_000)
    folder = tmp_path / "saved"
    folder.mkdir()
    with gzip.open(folder / "index.jsonl", "wt") as index:
        for number, row in enumerate(found):
            page = reader.find(row["url"])
            assert page is not None
            (folder / f"{number}.html").write_bytes(page.body)
            said = {"id": row["article_id"], "url": row["url"], "file": f"{number}.html"}
            index.write(json.dumps(said) + "\n")
    data = tmp_path / "data"
    code, output = replay(data, folder)
    assert code == 0, output[-3000:]
    again = {row["article_id"]: row for row in [*rows(data), *rows(data, "duplicates")]}
    same = ("headline", "article_body", "authors", "date_published", "url", "language")
    for row in found:
        own = again[row["article_id"]]
        assert {name: own[name] for name in same} == {name: row[name] for name in same}
        assert own["warc_file"] is own["warc_record_id"] is None
    # A list may have more the next time: it is read again, and nothing is there twice.
    assert replay(data, folder / "index.jsonl")[0] == 0
    assert (data / "latest").readlink().name == "000001"
