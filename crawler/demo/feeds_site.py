"""`la-gazette.localhost`: a site that offers only feeds, and says what its pages are in JSON-LD.

Between them an RSS, an Atom and a JSON feed list every story once. They also list what a crawler
must refuse: a subscription, a login page, a section, an author, and a page that is gone but says
200.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import escape

from crawler.demo import feeds
from crawler.demo.markup import blocks_html, french_date, links, picture, render, slugify
from crawler.demo.site import TEXT, Response, Site
from crawler.demo.texts import Story

HOST = "la-gazette.localhost"
NAME = "La Gazette"
EUROPE = "Europe"  # the section of the other languages
CULTURE = ("Culture", "Sciences")
HOME_STORIES = 12  # the home page shows the newest; only the feeds know all
ROBOTS = """User-agent: *
Disallow: /apercu/
"""
AUTHOR_PATH = "/auteurs/margot-delaunoy"
AUTHOR = "Margot Delaunoy"
# Path, title and template of the pages that are no articles though the feed lists them.
ODD_PAGES = (
    ("/abonnement", "Abonnement découverte", "product"),
    ("/connexion", "Connexion", "login"),
    ("/actualites/2025/04/01/le-phare-de-la-plaine.html", "Page introuvable", "gone"),
)
PREVIEW = "/apercu/les-voeux-de-l-an-prochain.html"  # listed, and disallowed by robots.txt


def story_path(story: Story) -> str:
    """Where a story lives on this host: by section and day."""
    return f"/{slugify(story.section)}/{story.published:%Y/%m/%d}/{story.slug}.html"


def feeds_site(stories: Sequence[Story], base: str) -> Site:
    """The whole site at the address `base`, without a slash at the end."""
    gazette = _Gazette(stories, base)
    return Site(dict(gazette.prepare()), gazette.missing())


class _Gazette:
    def __init__(self, stories: Sequence[Story], base: str) -> None:
        self._stories = stories
        self._base = base
        most_read = [(self._url(story), story.title) for story in stories[:5]]
        self._most_read = "<li>" + links(most_read, "</li>\n<li>") + "</li>"

    def prepare(self) -> Iterator[tuple[str, Response]]:
        yield "/robots.txt", Response(ROBOTS.encode(), TEXT)
        yield from self._feeds()
        changed = max(story.modified for story in self._stories)
        home = self._listing(NAME, self._stories[-HOME_STORIES:])
        yield "/", Response(home, last_modified=changed)
        for section in sorted({story.section for story in self._stories}):
            inside = [story for story in self._stories if story.section == section]
            yield f"/{slugify(section)}/", Response(self._listing(section, inside[-HOME_STORIES:]))
        written = [story for story in self._stories if AUTHOR in story.authors]
        author = render("gazette/author", name=AUTHOR, cards=self._cards(written))
        yield AUTHOR_PATH, Response(self._page(AUTHOR, author))
        for path, title, template in ODD_PAGES:
            main = render(f"gazette/{template}", base=self._base)
            yield path, Response(self._page(title, main))
        for story in self._stories:
            article = Response(self._article(story))
            yield story_path(story), article
            yield f"/images/{story.slug}.svg", Response(picture(story.slug), "image/svg+xml")
        yield PREVIEW, Response(self._article(self._stories[0]))

    def missing(self) -> Response:
        main = render("gazette/gone", base=self._base)
        return Response(self._page("Page introuvable", main), status=404)

    def _url(self, story: Story) -> str:
        return self._base + story_path(story)

    def _page(self, title: str, main: str, *, language: str = "fr", head: str = "") -> bytes:
        return render(
            "gazette/frame",
            base=self._base,
            language=language,
            title=escape(title),
            head=head,
            main=main,
            most_read=self._most_read,
        ).encode()

    def _listing(self, heading: str, stories: Sequence[Story]) -> bytes:
        cards = self._cards(stories)
        return self._page(heading, render("gazette/listing", heading=heading, cards=cards))

    def _cards(self, stories: Sequence[Story]) -> str:
        return "\n".join(
            render(
                "gazette/card",
                url=self._url(story),
                title=escape(story.title),
                chapo=escape(story.chapo),
                published=french_date(story.published),
            )
            for story in reversed(stories)
        )

    def _article(self, story: Story) -> bytes:
        same = [other for other in self._stories if other.section == story.section]
        related = [(self._url(other), other.title) for other in same if other != story][-3:]
        main = render(
            "gazette/article",
            base=self._base,
            section_url=f"{self._base}/{slugify(story.section)}/",
            section=escape(story.section),
            headline=escape(story.title),
            chapo=escape(story.chapo),
            authors=escape(" et ".join(story.authors)),
            published=french_date(story.published),
            image=f"{self._base}/images/{story.slug}.svg",
            first=blocks_html(story.blocks[:1]),
            rest=blocks_html(story.blocks[1:]),
            tags=" ".join(f"<span>{escape(tag)}</span>" for tag in story.tags),
            related="\n".join(f"<li>{links([pair])}</li>" for pair in related),
        )
        return self._page(story.title, main, language=story.language, head=self._head(story))

    def _head(self, story: Story) -> str:
        url = self._url(story)
        metadata = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
            "headline": story.title,
            "description": story.chapo,
            "datePublished": story.published.isoformat(),
            "dateModified": story.modified.isoformat(),
            "author": [{"@type": "Person", "name": name} for name in story.authors],
            "publisher": {"@type": "NewsMediaOrganization", "name": NAME, "url": f"{self._base}/"},
            "image": [f"{self._base}/images/{story.slug}.svg"],
            "articleSection": story.section,
            "keywords": list(story.tags),
            "inLanguage": story.language,
            "isAccessibleForFree": True,
        }
        # "</" would end the script element.
        data = json.dumps(metadata, ensure_ascii=False).replace("</", "<\\/")
        return (
            f'<link rel="canonical" href="{url}">\n'
            f'<script type="application/ld+json">{data}</script>'
        )

    def _feeds(self) -> Iterator[tuple[str, Response]]:
        europe = [story for story in self._stories if story.section == EUROPE]
        culture = [story for story in self._stories if story.section in CULTURE]
        news = [story for story in self._stories if story not in europe and story not in culture]
        mobile = self._base.replace("//", "//m.")
        entries = [self._entry(story, f"{self._url(story)}?utm_source=rss") for story in news]
        yield self._feed("/flux/actualites.xml", "actualités", entries + self._odd_entries())
        entries = [self._entry(story, f"{self._url(story)}#article") for story in europe]
        yield self._feed("/flux/europe.atom", "l’Europe en ses langues", entries)
        entries = [self._entry(story, mobile + story_path(story)) for story in culture]
        yield self._feed("/flux/culture.json", "culture et sciences", entries)

    def _feed(self, path: str, title: str, entries: Sequence[feeds.Entry]) -> tuple[str, Response]:
        write, content_type = {
            "xml": (feeds.rss, "application/rss+xml; charset=utf-8"),
            "atom": (feeds.atom, "application/atom+xml; charset=utf-8"),
            "json": (feeds.json_feed, "application/feed+json; charset=utf-8"),
        }[path.rpartition(".")[2]]
        channel = feeds.Channel(
            title=f"{NAME} : {title}", home=f"{self._base}/", url=self._base + path, language="fr"
        )
        newest_first = sorted(entries, key=lambda entry: entry.published, reverse=True)
        changed = feeds.newest_change(entries)
        body = write(channel, newest_first)
        return path, Response(body, content_type, last_modified=changed)

    def _entry(self, story: Story, url: str) -> feeds.Entry:
        return feeds.Entry(
            url=url,
            guid=f"tag:la-gazette.localhost,2026:{story.slug}",
            title=story.title,
            summary=story.chapo,
            published=story.published,
            modified=story.modified,
            authors=story.authors,
            categories=(story.section, *story.tags),
            language=story.language,
        )

    def _odd_entries(self) -> list[feeds.Entry]:
        """What is no article, or must not be asked for, dated among the newest stories."""
        pages = [
            *((path, title) for path, title, _ in ODD_PAGES),
            ("/actualites/", "Toute l’actualité"),
            (AUTHOR_PATH, f"Tous les articles de {AUTHOR}"),
            (PREVIEW, "Les vœux de l’an prochain"),
        ]
        newest = self._stories[-1].published
        return [
            feeds.Entry(
                url=self._base + path,
                guid=self._base + path,
                title=title,
                summary=title,
                published=newest - timedelta(hours=hours),
                modified=newest - timedelta(hours=hours),
            )
            for hours, (path, title) in enumerate(pages, 1)
        ]
