"""What was erased is nowhere, and no later crawl of the site brings it back."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path
from urllib.parse import urljoin

from tests.commands.erase.conftest import (
    JEANNE,
    LEA,
    STORIES,
    erase_apart,
    publish,
    run,
    unpacked,
)
from tests.conftest import Scrapy
from tests.crawls import ENVIRONMENT, rows, urls
from tests.kills import DEATHS, unsound
from tests.markup import rss, stories
from tests.pipelines.erasure.folder import places
from tests.server import Body, Redirect, Site
from tests.spiders.test_turning import following, told


def grep(data: Path, needle: str) -> str:
    found = subprocess.run(
        ["grep", "-raic", needle, str(data)], check=False, capture_output=True, text=True
    ).stdout
    return "\n".join(line for line in found.splitlines() if not line.endswith(":0"))


def test_an_erased_author_is_nowhere_and_the_next_crawls_bring_nothing_back(
    data: Path, site: Site
) -> None:
    assert places(data, LEA)
    done = erase_apart(data, "--author", "BONNEFOY, Léa")
    assert (done.returncode, done.stderr) == (0, "")
    assert "articles 2, duplicates 0" in done.stdout
    assert done.stdout.endswith("searched every file: 0 places\n")
    assert places(data, LEA) == []
    assert grep(data, LEA) == ""
    assert list(unsound(data)) == []
    # The feed has changed, so that it is read again: two of the new ones are hers.
    publish(site, stories(STORIES + 4))
    site.forget()
    after = run(data, site)
    assert after.exit_code == 0, after.output[-3000:]
    (counts,) = after.file["sources"].values()
    assert counts["refused/erased/url"] == 2
    assert counts["refused/erased/author"] == 2
    assert not {story.path for story in stories(STORIES) if story.number % 2} & set(site.targets())
    assert {row["authors"][0] for row in rows(data)} == {JEANNE}
    assert len(rows(data)) == 4
    assert places(data, LEA) == []
    # What was refused for its author is not even asked for again.
    publish(site, stories(STORIES + 5))
    site.forget()
    (counts,) = run(data, site).file["sources"].values()
    assert counts["refused/erased/url"] == 4
    assert {target for target in site.targets() if "story" in target} == {
        stories(STORIES + 5)[-1].path
    }


def test_an_erased_address_and_an_erased_article_are_not_asked_for(
    erase: Scrapy, data: Path, site: Site
) -> None:
    first, second, *others = sorted(rows(data), key=lambda row: str(row["url"]))
    done = erase(data, "--url", f"{first['url']}?utm_source=x", "--article-id",
                 second["article_id"])  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    for row in (first, second):
        assert places(data, row["url"]) == places(data, row["article_id"]) == []
    publish(site, stories(STORIES + 1))
    after = run(data, site)
    assert after.exit_code == 0
    (counts,) = after.file["sources"].values()
    assert (counts["refused/erased/url"], counts["known"], counts["articles"]) == (2, 2, 1)
    left = {row["article_id"] for row in rows(data)}
    assert left > {row["article_id"] for row in others}
    assert not left & {first["article_id"], second["article_id"]}


def test_a_redirect_does_not_lead_to_what_was_erased(erase: Scrapy, data: Path, site: Site) -> None:
    row = rows(data)[0]
    assert erase(data, "--url", row["url"]).returncode == 0
    told = stories(STORIES + 1)
    publish(site, told)
    path = row["url"].removeprefix(site.url.rstrip("/"))
    site.paths[told[-1].path] = Redirect(path)
    site.forget()
    after = run(data, site)
    assert told[-1].path in site.targets()
    assert path not in site.targets()
    (counts,) = after.file["sources"].values()
    assert counts["refused/erased/url"] == 2
    assert urljoin(site.url, told[-1].path) not in urls(data)


def test_a_later_page_does_not_lead_back_to_an_erased_article(
    erase: Scrapy, data: Path, site: Site
) -> None:
    first, second = (urljoin(site.url, path) for path in ("/2026/long/", "/2026/long/2/"))
    assert erase(data, "--url", first).returncode == 0
    site.paths["/2026/long/"] = Body(told("long", 1, following("/2026/long/2/")))
    back = '<p class="page-links"><a href="/2026/long/">1</a> <b>2</b></p>'
    site.paths["/2026/long/2/"] = Body(told("long", 2, back))
    site.paths["/"] = Body(rss([(second, stories(STORIES + 1)[-1])]), "application/rss+xml")
    site.forget()
    after = run(data, site)
    assert "/2026/long/2/" in site.targets()
    assert "/2026/long/" not in site.targets()
    (counts,) = after.file["sources"].values()
    assert (counts["found"], counts["refused/erased/url"]) == (1, 1)
    named = re.compile(rf"{first}(?!2/)|(?<!long)/2026/long/(?!2/)")
    assert not named.search(unpacked(data))
    assert [place for place in places(data, first) if "record" not in place] == []


def test_an_erased_site_is_not_asked_at_all(erase: Scrapy, data: Path, site: Site) -> None:
    domain = rows(data)[0]["domain"]
    done = erase(data, "--domain", domain)
    assert (done.returncode, done.stderr) == (0, "")
    assert places(data, domain) == []
    assert rows(data) == []
    after = run(data, site)
    assert after.exit_code == 0
    assert site.targets() == []
    assert "was erased and is passed over" in after.output
    assert places(data, domain) == []


def test_an_erasure_that_was_killed_is_finished_by_the_next_crawl(data: Path, site: Site) -> None:
    point = "pipelines.dataset.rewriting:commit_change:after:1"
    killed = erase_apart(
        data, "--author", LEA, env={**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": point}
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert places(data, LEA)
    assert run(data, site).exit_code == 0
    assert places(data, LEA) == []
    assert list(unsound(data)) == []
    assert [row["authors"] for row in rows(data)] == [[JEANNE], [JEANNE]]
