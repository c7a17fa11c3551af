"""What a look at a source found: the ways to its articles, and a few articles off their pages.

Plain values, and the two judgements on them: what is wrong with the source, and what of it is worth
an entry in the sources file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from crawler.discovery.candidate import Candidate, FoundBy
from crawler.discovery.urls import article_id, same_site
from crawler.errors import Refusal
from crawler.items import Article
from crawler.sources import Source

# Other hosts named in one sentence: the rest is seldom the source's own.
_HOSTS_TOLD = 3
# Sorts before every date.
_UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Probe:
    """What one way gave. With a refusal it gave nothing."""

    found_by: FoundBy
    url: str
    candidates: tuple[Candidate, ...] = ()
    """Those on the source's own hosts; of a long listing the newest."""
    elsewhere: tuple[str, ...] = ()
    """The hosts of the others, each once."""
    count: int = 0
    """URLs on the source's own hosts in all of the listing."""
    is_partial: bool = False
    """Whether the listing goes on, so that there are more than `count`."""
    language: str | None = None
    refusal: Refusal | None = None

    @property
    def newest(self) -> datetime | None:
        """The latest date in the listing, if it has dates."""
        return max(filter(None, map(_date, self.candidates)), default=None)


@dataclass(frozen=True, slots=True)
class Sample:
    """One page that a way named, and what came of it."""

    url: str
    outcome: Article | Refusal


@dataclass(frozen=True, slots=True)
class Checkup:
    """One look at a source. `home_url`, `title` and `language` are known if its home was asked."""

    source: Source
    probes: tuple[Probe, ...]
    home_url: str | None = None
    title: str | None = None
    language: str | None = None
    samples: tuple[Sample, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        """The samples that are articles."""
        return tuple(page.outcome for page in self.samples if isinstance(page.outcome, Article))

    @property
    def refused(self) -> Counter[str]:
        """How many samples are none, by reason."""
        return Counter(
            page.outcome.reason for page in self.samples if isinstance(page.outcome, Refusal)
        )

    @property
    def problem(self) -> str | None:
        """What is wrong with the source, in one sentence; None for a healthy one."""
        if self.home_url and not same_site(self.home_url, self.source.url):
            return f"{self.source.url} leads to {self.home_url}, another site; give that address"
        refusals = [probe for probe in self.probes if probe.refusal]
        if refusals and len(refusals) == len(self.probes):
            said = f"nothing could be read: {refusals[0].url}: {refusals[0].refusal}"
            return said.rstrip(".")
        if not any(probe.candidates for probe in self.probes):
            return self._nothing_found()
        if self.samples and not self.articles:
            reason, _ = self.refused.most_common(1)[0]
            pages = "the one page" if len(self.samples) == 1 else f"{len(self.samples)} pages"
            return f"none of {pages} became an article, mostly for {reason}"
        return None

    def _nothing_found(self) -> str:
        hosts = list(dict.fromkeys(host for probe in self.probes for host in probe.elsewhere))
        if hosts:
            return (
                f"all that it lists is on other hosts ({', '.join(hosts[:_HOSTS_TOLD])}); name "
                "those that are its own in allowed_domains"
            )
        return (
            f"no article was found from {self.source.url}: no feed, sitemap, WordPress API or "
            "listing page names one; give their addresses in the sources file"
        )

    def entry(self) -> Source:
        """The source as it is worth writing down: with the ways that gave articles.

        The address is kept as given, on the host that answered; that of a feed or sitemap gives way
        to the root of its host. A feed pays if it names an article that those before it do not,
        a listing page if no way tells all there is.
        """
        gave: dict[FoundBy, list[Probe]] = {
            way: [probe for probe in self.probes if probe.found_by == way and probe.candidates]
            for way in ("wordpress", "sitemap", "feed", "listing")
        }
        machine_read = gave["sitemap"] + gave["feed"]
        url = _on_host_of(self.home_url, self.source.url)
        if any(probe.url == self.source.url for probe in machine_read):
            url = urljoin(url, "/")
        is_complete = gave["wordpress"] or gave["sitemap"]
        return replace(
            self.source,
            url=url,
            language=self.language,
            wordpress=gave["wordpress"][0].url if gave["wordpress"] else None,
            sitemaps=tuple(probe.url for probe in gave["sitemap"]),
            feeds=tuple(_telling(gave["feed"])),
            listings=() if is_complete else tuple(probe.url for probe in gave["listing"]),
        )


def newest_articles(probes: Iterable[Probe], number: int) -> list[Candidate]:
    """The newest articles of all ways, each once; those without a date last, in their order."""
    candidates = [candidate for probe in probes for candidate in probe.candidates]
    candidates.sort(key=lambda candidate: _date(candidate) or _UNDATED, reverse=True)
    distinct: dict[str, Candidate] = {}
    for candidate in candidates:
        distinct.setdefault(article_id(candidate.url), candidate)
    return list(distinct.values())[:number]


def _date(candidate: Candidate) -> datetime | None:
    return candidate.date_published or candidate.date_modified


def _telling(feeds: Iterable[Probe]) -> Iterator[str]:
    """The feeds that name what no feed before them did: RSS and Atom twins are one."""
    named: set[str] = set()
    for feed in feeds:
        articles = {article_id(candidate.url) for candidate in feed.candidates}
        if not articles <= named:
            yield feed.url
        named |= articles


def _on_host_of(answered: str | None, url: str) -> str:
    """The URL on the host that it led to: the rest of where a redirect ends may be of the day."""
    if answered is None:
        return url
    end = urlsplit(answered)
    return urlsplit(url)._replace(scheme=end.scheme, netloc=end.netloc).geturl()
