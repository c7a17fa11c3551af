"""What a feed reader subscribes to (OPML), as sources.

Nothing in the file can make us read another one or fill the memory: a document type, and with it
every entity, is refused before it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

from crawler.errors import ConfigurationError
from crawler.source_values import Mistake, http_url
from crawler.sources import Source, home_of, host_name, slug

# A title longer than this is a slogan; the host's name is the better name.
_LONGEST_NAME = 30

# They serve the feeds of other people's sites, so their own address is nobody's home page.
_FEED_HOSTS = ("feeds.feedburner.com", "feeds2.feedburner.com", "feedproxy.google.com")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of an OPML file, in the file's own words: its home page may be missing or broken."""

    feed: str
    home: str
    title: str


@dataclass(frozen=True, slots=True)
class Import:
    """What becomes of a reader's subscriptions."""

    new: tuple[Source, ...]
    """The sources to add, one a site."""
    known: tuple[str, ...]
    """The home pages of sites that have a source already."""
    left_out: tuple[str, ...]
    """The addresses of feeds whose site nobody can tell, or that are not on the web."""


def read_opml(data: bytes, file: str) -> tuple[Subscription, ...]:
    """All outlines with an `xmlUrl`, however deep, in the file's order (OPML 1 and 2).

    Raises: ConfigurationError naming `file` and the line, for what is not OPML.
    """
    parser = expat.ParserCreate()
    found: list[Subscription] = []
    is_opml = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_opml
        # Readers write xmlUrl, xmlurl and xmlURL.
        said = {key.lower(): value.strip() for key, value in attributes.items()}
        if not is_opml and name.lower() != "opml":
            raise _refusal(f"is no OPML, but begins with <{name}>; export it from a feed reader")
        is_opml = True
        if name.lower() == "outline" and said.get("xmlurl"):
            title = said.get("title") or said.get("text", "")
            found.append(Subscription(said["xmlurl"], said.get("htmlurl", ""), title))

    def refuse_doctype(*_: object) -> None:
        raise _refusal("has a document type, which OPML needs not; remove the line <!DOCTYPE …>")

    def _refusal(message: str) -> ConfigurationError:
        return ConfigurationError(f"{file}:{parser.CurrentLineNumber}: {message}.")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _refusal(f"is no well-formed XML: {error}") from None
    return tuple(found)


def sources_of(subscriptions: Iterable[Subscription], known: Sequence[Source]) -> Import:
    """Make one source of all the feeds of a site, and leave out the sites that `known` has.

    A site is a host, with or without `www.`; it is that of the home page, or else of the feed.
    """
    sites: dict[str, list[Subscription]] = {}
    left_out: list[str] = []
    for subscription in subscriptions:
        home = _home(subscription)
        if home is None:
            left_out.append(subscription.feed)
        else:
            sites.setdefault(home_of(home), []).append(replace(subscription, home=home))
    known_sites = {home_of(source.url) for source in known}
    names = {source.name for source in known}
    new: list[Source] = []
    for site, members in sites.items():
        if site not in known_sites:
            new.append(_source(members, names))
            names.add(new[-1].name)
    return Import(
        new=tuple(new),
        known=tuple(site for site in sites if site in known_sites),
        left_out=tuple(left_out),
    )


def _source(members: Sequence[Subscription], taken: Set[str]) -> Source:
    """One site's source; where its feeds are of several sections, it gets the host's home page."""
    homes = {member.home for member in members}
    home = members[0].home if len(homes) == 1 else urljoin(members[0].home, "/")
    title = slug(members[0].title) if len(members) == 1 else ""
    return Source(
        name=next(name for name in _names(title, host_name(home)) if name not in taken),
        url=home,
        feeds=tuple(dict.fromkeys(member.feed for member in members)),
    )


def _names(title: str, host: str) -> Iterator[str]:
    if 0 < len(title) <= _LONGEST_NAME:
        yield title
    yield host
    yield from (f"{host}-{number}" for number in count(2))


def _home(subscription: Subscription) -> str | None:
    """The home page as the reader knows it, or else the root of the host that serves the feed."""
    if not _is_url(subscription.feed):
        return None
    if _is_url(subscription.home):
        return subscription.home
    root = urljoin(subscription.feed, "/")
    return None if urlsplit(root).hostname in _FEED_HOSTS else root


def _is_url(text: str) -> bool:
    try:
        http_url(text)
    except Mistake:
        return False
    return True
