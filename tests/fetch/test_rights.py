"""What is said of pages, and what follows: by the table, and in real crawls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from crawler.errors import Reason
from crawler.fetch.rights import rule
from crawler.items import Rights
from tests.crawls import Crawl, crawl, rows, state
from tests.markup import Story, rss, stories
from tests.server import HTML, Body, Server, Site

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"x_robots_tag": "noindex"}, Reason.NOINDEX),
        ({"meta_robots": "NONE"}, Reason.NOINDEX),
        ({"meta_robots": "noarchive, noindex"}, Reason.NOINDEX),
        ({"x_robots_tag": "unavailable_after: 2026-11-23"}, Reason.EXPIRED),
        ({"meta_robots": "unavailable_after: Monday, 23-Nov-26 08:00:00 GMT"}, Reason.EXPIRED),
        ({"tdm_reservation": "1"}, Reason.TDM_RESERVED),
        ({"tdm_reservation": "1 https://a.example/policy"}, Reason.TDM_RESERVED),
        ({"ai_preferences": "Content-Usage: search=n, train-ai=n"}, Reason.USE_REFUSED),
        ({"ai_preferences": "Content-Usage: bots=n"}, Reason.USE_REFUSED),
        ({"ai_preferences": "Content-Usage: tdm=n"}, Reason.USE_REFUSED),
        ({"ai_preferences": "Content-Usage: all=n"}, Reason.USE_REFUSED),
        ({"x_robots_tag": "unavailable_after: 22 Nov 2026"}, Reason.EXPIRED),
        ({"ai_preferences": "Content-Signal: search=no"}, Reason.USE_REFUSED),
    ],
)
def test_what_forbids_a_dataset_is_refused_or_recorded_as_the_policy_says(
    said: dict[str, str], reason: Reason
) -> None:
    respected = rule(Rights(**said), NOW, "respect")
    assert respected.refusal is not None
    assert respected.refusal.reason is reason
    recorded = rule(Rights(**said), NOW, "record")
    assert recorded.refusal is None
    assert recorded.rights.decision.startswith(f"collected against {reason}")


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        ({}, "collected"),
        ({"x_robots_tag": "all", "meta_robots": "index, follow"}, "collected"),
        ({"meta_robots": "nofollow"}, "collected"),
        ({"meta_robots": "unavailable_after: 2026-11-24"}, "collected"),
        ({"tdm_reservation": "0"}, "collected"),
        ({"ai_preferences": "Content-Signal: search=yes, ai-train=yes"}, "collected"),
        ({"meta_robots": "noarchive, nosnippet"}, "collected no-archive no-snippet"),
        ({"meta_robots": "max-snippet:0", "x_robots_tag": "noarchive"},
         "collected no-archive no-snippet"),
        ({"meta_robots": "noai, noimageai"}, "collected no-ai no-image-ai"),
        ({"ai_preferences": "Content-Usage: train-ai=n; Content-Signal: ai-train=no, ai-input=no"},
         "collected no-ai-training no-ai-input"),
        ({"ai_preferences": "Content-Usage: train-genai=n, ai-use=n"},
         "collected no-ai-training no-ai-input"),
        ({"ai_preferences": "Content-Usage: y=research=n"}, "collected"),
    ],
)  # fmt: skip
def test_what_limits_a_later_use_is_told_in_the_decision(
    said: dict[str, str], decision: str
) -> None:
    assert rule(Rights(**said), NOW, "respect").rights.decision == decision


def test_under_record_the_limits_are_told_too() -> None:
    ruling = rule(Rights(meta_robots="noindex, noarchive"), NOW, "record")
    assert ruling.rights.decision == "collected against rights/noindex no-archive"


TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
# Of each page: its headers, its head, and the reason it is refused for, or the decision in its row.
PAGES: dict[str, tuple[dict[str, str], str, str]] = {
    "free": ({}, "", "collected"),
    "header": ({"X-Robots-Tag": "noindex"}, "", "rights/noindex"),
    "other-robot": ({"X-Robots-Tag": "googlebot: noindex"}, "", "collected"),
    "our-robot": ({"X-Robots-Tag": "colporteur: none"}, "", "rights/noindex"),
    "meta": ({}, '<meta name="robots" content="NOINDEX,follow">', "rights/noindex"),
    "our-meta": ({}, '<meta name="Colporteur" content="noindex">', "rights/noindex"),
    "expired": ({"X-Robots-Tag": "unavailable_after: 2020-01-01"}, "", "rights/expired"),
    "expiring": ({}, f'<meta name=robots content="unavailable_after: {TOMORROW}">', "collected"),
    "tdm-header": ({"tdm-reservation": "1"}, "", "rights/tdm-reserved"),
    "tdm-meta": ({}, '<meta name="tdm-reservation" content="1">', "rights/tdm-reserved"),
    "tdm-lifted": ({}, '<meta name="tdm-reservation" content="0">', "collected"),
    "tdm-file": ({}, "", "rights/tdm-reserved"),
    "no-archive": ({"X-Robots-Tag": "noarchive"}, "", "collected no-archive"),
    "no-ai": ({}, '<meta name=robots content="noai">', "collected no-ai"),
    "usage": ({"Content-Usage": "train-ai=n"}, "", "collected no-ai-training"),
    "no-search": ({"Content-Usage": "search=n"}, "", "rights/use-refused"),
    "signal": ({}, "", "collected no-ai-training"),
}
RESERVED = ("tdm-file", "tdm-lifted")


def publish(server: Server) -> tuple[Site, dict[str, Story]]:
    site = server.site("rights")
    told = dict(zip(PAGES, stories(len(PAGES), "rights-"), strict=True))
    for name, (headers, head, _) in PAGES.items():
        site.paths[told[name].path] = Body(told[name].html(head), HTML, headers=headers)
    listed = [(urljoin(site.url, story.path), story) for story in told.values()]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    rules = [{"location": told[name].path, "tdm-reservation": 1} for name in RESERVED]
    site.paths["/.well-known/tdmrep.json"] = Body(json.dumps(rules), "application/json")
    signal = f"User-agent: *\nContent-Signal: {told['signal'].path} ai-train=no"
    site.paths["/robots.txt"] = Body(signal, "text/plain")
    return site, told


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, tuple[Crawl, Path, dict[str, Story], list[str]]]]:
    with Server() as server:
        done = {}
        for policy in ("respect", "record"):
            site, told = publish(server)
            data = tmp_path_factory.mktemp(policy)
            crawled = crawl(data, "-a", f"url={site.url}", "-s", f"RIGHTS_POLICY={policy}")
            done[policy] = (crawled, data, told, site.targets())
        yield done


Runs = dict[str, tuple[Crawl, Path, dict[str, Story], list[str]]]


def decisions(data: Path, told: dict[str, Story]) -> dict[str, Any]:
    found = {row["headline"]: row["rights"] for row in rows(data)}
    return {name: found.get(story.headline) for name, story in told.items()}


def test_each_page_is_collected_or_refused_as_its_publisher_says(runs: Runs) -> None:
    crawled, data, told, _ = runs["respect"]
    assert crawled.exit_code == 0, crawled.output[-3000:]
    found = decisions(data, told)
    for name, (_, _, outcome) in PAGES.items():
        decision = found[name] and found[name]["decision"]
        assert decision == (None if outcome.startswith("rights/") else outcome), name
    refused = {thing: count for thing, count in crawled.counts("rights.localhost").items()
               if thing.startswith("refused/rights/")}  # fmt: skip
    reasons = [outcome for _, _, outcome in PAGES.values() if outcome.startswith("rights/")]
    assert refused == {f"refused/{reason}": reasons.count(reason) for reason in set(reasons)}


def test_a_refusal_is_kept_with_what_was_said_and_when(runs: Runs) -> None:
    _, data, _, _ = runs["respect"]
    kept = state(
        data,
        "SELECT rights.reason, said, decision, first_said, last_said, status"
        " FROM rights JOIN urls USING (article_id)",
    )
    assert len(kept) == sum(outcome.startswith("rights/") for _, _, outcome in PAGES.values())
    assert ("rights/use-refused", "Content-Usage: search=n", "refused") in [r[:3] for r in kept]
    for _, _, _, first, last, status in kept:
        assert first == last
        assert abs(first - datetime.now(UTC).timestamp()) < 600
        assert status == "refused"


def test_under_record_everything_is_collected_with_what_was_said(runs: Runs) -> None:
    crawled, data, told, _ = runs["record"]
    assert crawled.exit_code == 0, crawled.output[-3000:]
    found = decisions(data, told)
    assert all(found.values())
    for name, (_, _, outcome) in PAGES.items():
        against = f"collected against {outcome}"
        assert found[name]["decision"] == (against if outcome.startswith("rights/") else outcome)
    assert found["meta"]["meta_robots"] == "NOINDEX,follow"
    assert found["our-robot"]["x_robots_tag"] == "none"
    assert found["tdm-file"]["tdm_reservation"] == "1"
    assert found["tdm-lifted"]["tdm_reservation"] == "0"
    assert found["signal"]["ai_preferences"] == "Content-Signal: ai-train=no"
    assert found["free"] == {
        "robots_txt": "allowed", "x_robots_tag": None, "meta_robots": None,
        "tdm_reservation": None, "ai_preferences": None, "decision": "collected",
    }  # fmt: skip
    assert state(data, "SELECT count(*) FROM rights") == [(0,)]


def test_the_file_of_a_site_is_asked_for_once(runs: Runs) -> None:
    assert runs["respect"][3].count("/.well-known/tdmrep.json") == 1


def test_a_policy_that_there_is_not_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site()
        done = crawl(tmp_path, "-a", f"url={site.url}", "-s", "RIGHTS_POLICY=ignore")
        assert done.exit_code == 2
        assert done.sentences == [
            'scrapy crawl: RIGHTS_POLICY is "ignore"; set it to respect or record.'
        ]
        assert site.targets() == []
