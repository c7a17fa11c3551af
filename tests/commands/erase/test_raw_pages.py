"""Nothing of what was erased is left in the archive of raw pages, and all else is found there."""

from __future__ import annotations

import signal
from pathlib import Path
from urllib.parse import urljoin

from tests.commands.erase.conftest import LEA, STORIES, erase_apart, publish, run, unpacked
from tests.conftest import Scrapy
from tests.crawls import ENVIRONMENT, rows
from tests.fetch.test_archive import checked, records
from tests.kills import DEATHS
from tests.markup import stories
from tests.server import Body, Site


def archive_files(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (data / "archive").rglob("*") if path.is_file()}


def test_nothing_of_an_erased_page_is_left_in_the_raw_pages(erase: Scrapy, data: Path) -> None:
    mine, *others = sorted(rows(data), key=lambda row: str(row["url"]))
    words = str(mine["article_body"])[:60]
    assert words in unpacked(data)
    done = erase(data, "--url", mine["url"])
    assert (done.returncode, done.stderr) == (0, "")
    for needle in (mine["url"], words, mine["headline"], mine["warc_record_id"]):
        assert needle not in unpacked(data)
    assert checked(data) == ""
    kept = {one.headers["WARC-Record-ID"]: one for one in records(data)}
    for row in rows(data):
        assert (data / "archive" / row["warc_file"]).is_file()
        assert kept[row["warc_record_id"]].url == row["url"]
    assert {row["url"] for row in rows(data)} == {row["url"] for row in others}
    before = archive_files(data)
    assert erase(data, "--url", mine["url"]).returncode == 0
    assert archive_files(data) == before


def test_a_row_whose_raw_page_names_who_is_erased_stays_without_it(
    erase: Scrapy, data: Path, site: Site
) -> None:
    told = stories(STORIES + 1)
    publish(site, told)
    aside = f'<aside><a href="/by/lea">Also by {LEA}</a></aside>'
    site.paths[told[-1].path] = Body(told[-1].html().replace("</body>", f"{aside}</body>"))
    assert run(data, site).exit_code == 0
    assert erase(data, "--author", LEA).returncode == 0
    assert "Bonnefoy" not in unpacked(data)
    ways = {row["url"]: (row["warc_file"], row["warc_record_id"]) for row in rows(data)}
    assert ways.pop(urljoin(site.url, told[-1].path)) == (None, None)
    assert all(own in unpacked(data) for _, own in ways.values())


def test_the_archive_of_a_killed_erasure_is_finished_by_the_next_run(
    erase: Scrapy, data: Path
) -> None:
    point = "crawler.archive.cdxj:write_index:after:1"
    killed = erase_apart(
        data, "--author", LEA, env={**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": point}
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert LEA in unpacked(data)
    again = erase(data, "--author", LEA)
    assert (again.returncode, again.stderr) == (0, "")
    assert LEA not in unpacked(data)
    assert not list((data / "archive").rglob("*.rewritten"))
    assert checked(data) == ""
