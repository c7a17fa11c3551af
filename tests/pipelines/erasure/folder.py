"""A data folder with every place in which something is kept of an author, a site and an article."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from crawler.archive import Exchange, WarcWriter
from crawler.archive.erasing import RawPages
from crawler.discovery.urls import article_id
from crawler.errors import Reason, Refusal
from crawler.fetch.erasure import known_as
from crawler.items import Article, Comment
from crawler.state.listings import Reading, Validators, Ways
from crawler.state.urls import DueUrl
from pipelines.erasure.erase import Erasing
from pipelines.erasure.search import Place, search
from pipelines.erasure.target import Target, Traces
from pipelines.privacy import pseudonym
from tests.pipelines.newsroom import NOW, Newsroom, story, words

KEY = bytes(range(32))
JEANNE = "Jeanne Martin"
PAUL = "Paul Roy"
KEPT = 7


def told(site: str, name: str, author: str, **changes: Any) -> Article:
    """An article of a site as it is staged."""
    url = f"https://{site}.example/{name}"
    own = story(
        name, words(name), url=url, article_id=article_id(url), source=site,
        domain=f"{site}.example", authors=(author,),
    )  # fmt: skip
    return replace(own, **changes)


def said(number: int, author: str, text: str = "Oui.", parent: int | None = None) -> Comment:
    """A comment under its author's pseudonym."""
    return Comment(
        comment_id=str(number), text=text, position=number,
        parent_id=None if parent is None else str(parent),
        author_pseudonym=pseudonym(author, KEY),
    )  # fmt: skip


LATER = NOW + timedelta(hours=1)
OWN = told("journal", "pont", JEANNE, comments=(said(0, PAUL), said(1, JEANNE, parent=0)))
# Two copies of it on other sites; the one seen first is a second-rate copy only by its date.
COPY = told("gazette", "pont-copie", PAUL, article_body=OWN.article_body)
LATE_COPY = told(
    "courrier", "pont-aussi", PAUL, article_body=OWN.article_body, date_first_seen=LATER
)
OTHERS = told(
    "gazette", "gare", PAUL,
    comments=(
        said(0, JEANNE), said(1, PAUL, "Si.", parent=0), said(2, PAUL, "MARTIN, Jeanne a tort !"),
    ),
)  # fmt: skip
MENTIONING = told(
    "gazette", "prix", PAUL, article_body=words("prix") + " Le prix va à Jeanne Martin."
)
STAGED = told("journal", "lac", "MARTIN Jeanne")
STAGED_OTHER = told("courrier", "quai", PAUL)
STAGED_COPY = told("courrier", "pont-encore", PAUL, article_body=OWN.article_body)


def filled(data: Path) -> None:
    """Two commits and what waits for a third; run files, quarantine and all of the state."""
    with Newsroom(data, KEPT) as newsroom:
        newsroom.publish(OWN, COPY, LATE_COPY, OTHERS, run_id="first")
        newsroom.publish(replace(OWN, headline="Le pont, corrigé"), MENTIONING, run_id="second")
        newsroom.collect(STAGED, STAGED_OTHER, STAGED_COPY)
        state = newsroom.state
        articles = (OWN, COPY, LATE_COPY, OTHERS, MENTIONING, STAGED, STAGED_OTHER, STAGED_COPY)
        for article in articles:
            due = DueUrl(article.article_id, article.url, NOW, None)
            state.urls.offer(due, article.source, "first")
            state.urls.collected(article.article_id, NOW)
        page = DueUrl(article_id(f"{OWN.url}/2"), f"{OWN.url}/2", NOW, None)
        state.urls.offer(page, "journal", "first")
        state.urls.refused(page.article_id, Refusal(Reason.LATER_PAGE, OWN.url), NOW)
        state.rights.refused(OWN.article_id, Refusal(Reason.NOINDEX, f"by {JEANNE}"), NOW)
        for site in ("journal", "gazette"):
            feed = f"https://{site}.example/feed"
            state.listings.answered(feed, site, Validators('"1"'), NOW)
            state.listings.found(site, Ways(feeds=(feed,)), NOW)
            state.listings.read(site, Reading(frozenset({feed})))
            state.site_files.keep(f"https://{site}.example/robots.txt", b"User-agent: *", NOW)
            state.hosts.put_off(f"www.{site}.example", NOW.timestamp(), "wait")
    run = {"sources": {"journal": {"articles": 2}}, "problems": {"journal": f"{OWN.url}: {JEANNE}"}}
    (data / "runs" / "first.json").write_text(json.dumps(run), "utf-8")
    archive(data / "archive")
    (data / "quarantine").mkdir()
    lines = [
        {"article": {"url": f"https://{site}.example/x", "authors": [author]}}
        for site, author in (
            ("journal", "Jeanne Ma\u0301rtin"),
            ("journal", JEANNE),
            ("gazette", PAUL),
        )
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (data / "quarantine" / "first.jsonl").write_text(text, "utf-8")


def archive(folder: Path) -> None:
    """A file of some pages and a listing, and one that a run which died left open."""
    for run_id, told in (("first", (OWN, COPY, OTHERS)), ("second", (OWN, STAGED))):
        writer = WarcWriter(folder, run_id, {"software": "test"}, 1_000_000)
        feed = "".join(f"<item><link>{article.url}</link></item>" for article in told)
        writer.write(answer(f"https://{run_id}.example/feed", feed), {"is_page": False})
        for article in told:
            html = f"<p>{' '.join(article.authors)}</p><p>{article.article_body}</p>"
            about = {"is_page": True, "requested": article.url}
            writer.write(answer(article.url, html), about)
        if run_id == "first":
            writer.close()


def answer(url: str, text: str) -> Exchange:
    """An answer as it came, packed."""
    body = gzip.compress(text.encode(), mtime=0)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    path = f"/{url.rpartition('/')[2]}".encode()
    sent = b"GET " + path + b" HTTP/1.1\r\n\r\n"
    return Exchange(url, NOW, sent, head, body, 200, "text/html")


def author_target(*, naming: bool = False) -> Target:
    """Jeanne Martin, as the command would look for her."""
    names = frozenset({pseudonym(JEANNE, KEY)})
    return Target(names=("jeanne  MARTIN",), pseudonyms=names, naming=naming)


def url_target(url: str) -> Target:
    """An article by one of its addresses."""
    return Target(ids=frozenset({article_id(url)}), addresses=frozenset({article_id(url)}))


def erasing(newsroom: Newsroom) -> Erasing:
    """Erasures in a newsroom's folder."""
    archive = RawPages(newsroom.folder.archive)
    return Erasing(newsroom.folder, newsroom.state, newsroom.snapshots, archive, known_as)


def erase(data: Path, target: Target) -> list[Place]:
    """Erase, and what the search finds after it."""
    with Newsroom(data, KEPT) as newsroom:
        work = erasing(newsroom)
        found = work.find(target).target
        work.begin(found, "20261123-erase", NOW)
        work.finish(NOW)
    return list(search(data, Traces(found, known_as), RawPages(data / "archive")))


def legible(data: Path) -> dict[str, str]:
    """Every file of a folder as it lies on the disk, and every table as text: our own grep."""
    texts = {
        str(path.relative_to(data)): path.read_bytes().decode("utf-8", "replace")
        for path in data.rglob("*")
        if path.is_file()
    }
    for path in (data / "archive").rglob("*.warc.gz*"):
        for number, record in enumerate(RawPages(path).said(path)):
            texts[f"record {number} of {path.name}"] = record.text
    for path in data.rglob("*.parquet"):
        texts[f"cells of {path.relative_to(data)}"] = str(
            pq.read_table(path, partitioning=None).to_pylist()
        )
    with closing(sqlite3.connect(data / "state.sqlite")) as db:
        texts["values of the state"] = "\n".join(db.iterdump())
    return texts


def places(data: Path, needle: str) -> list[str]:
    """Where a text stands, in any case."""
    return [name for name, text in legible(data).items() if needle.lower() in text.lower()]
