"""`world-courier.localhost`: a site that offers only sitemaps, and marks pages up in microdata.

The index that robots.txt names leads to a gzip urlset, a Google News sitemap and a text sitemap;
between them they list every story, and pages that a crawler must refuse.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from html import escape

from crawler.demo import sitemaps
from crawler.demo.markup import blocks_html, links, picture, render
from crawler.demo.site import TEXT, XML, Response, Site
from crawler.demo.texts import Story
from crawler.items import Comment

HOST = "world-courier.localhost"
NAME = "World Courier"
ROBOTS = """User-agent: *
Disallow: /embargo/

Sitemap: {base}/sitemaps/index.xml
"""
NEWS_STORIES = 5  # a Google News sitemap holds the newest only
HOME_STORIES = 8
RIGHT_TO_LEFT = ("ar",)
TAG_PATH, AUTHOR_PATH = "/topic/harbours", "/people/ines-falkenrath"
AUTHOR, TAG = "Ines Falkenrath", "harbours"
# Path, title and template of the pages that are no articles though the sitemap lists them.
ODD_PAGES = (
    ("/store/tote-bag", "Courier tote bag", "product"),
    ("/signin", "Sign in", "login"),
    ("/2025/11/the-bridge-that-was-not", "Page not found", "gone"),
)
EMBARGO = "/embargo/prize-list"  # listed, and disallowed by robots.txt


def story_path(story: Story) -> str:
    """Where a story lives on this host: by month."""
    return f"/{story.published:%Y/%m}/{story.slug}"


def sitemaps_site(stories: Sequence[Story], base: str) -> Site:
    """The whole site at the address `base`, without a slash at the end."""
    courier = _Courier(stories, base)
    return Site(dict(courier.prepare()), courier.missing())


class _Courier:
    def __init__(self, stories: Sequence[Story], base: str) -> None:
        self._stories = stories
        self._base = base
        self._changed = max(story.modified for story in stories)

    def prepare(self) -> Iterator[tuple[str, Response]]:
        yield "/robots.txt", Response(ROBOTS.format(base=self._base).encode(), TEXT)
        yield from self._sitemaps()
        home = self._listing(NAME, self._stories[-HOME_STORIES:])
        yield "/", Response(home, last_modified=self._changed)
        yield from self._listings()
        for path, title, template in ODD_PAGES:
            main = render(f"courier/{template}", base=self._base)
            yield path, Response(self._page(title, main))
        for story in self._stories:
            path = story_path(story)
            yield path, Response(self._article(story))
            yield f"{path}/amp/", Response(self._amp(story))
            yield f"/images/{story.slug}.svg", Response(picture(story.slug), "image/svg+xml")
        yield EMBARGO, Response(self._article(self._stories[0]))

    def missing(self) -> Response:
        main = render("courier/gone", base=self._base)
        return Response(self._page("Page not found", main), status=404)

    def _listings(self) -> Iterator[tuple[str, Response]]:
        for section in sorted({story.section for story in self._stories}):
            inside = [story for story in self._stories if story.section == section]
            page = self._listing(section, inside[-HOME_STORIES:])
            yield f"/{section.lower()}", Response(page)
        tagged = [story for story in self._stories if TAG in story.tags]
        yield TAG_PATH, Response(self._listing(f"Topic: {TAG}", tagged))
        written = [story for story in self._stories if AUTHOR in story.authors]
        yield AUTHOR_PATH, Response(self._listing(f"Stories by {AUTHOR}", written))

    def _url(self, story: Story) -> str:
        return self._base + story_path(story)

    def _page(self, title: str, main: str, *, language: str = "en", head: str = "") -> bytes:
        return render(
            "courier/frame",
            base=self._base,
            language=language,
            direction=_direction(language),
            title=escape(title),
            head=head,
            main=main,
        ).encode()

    def _listing(self, heading: str, stories: Sequence[Story]) -> bytes:
        items = "\n".join(
            f'<li lang="{story.language}">{links([(self._url(story), story.title)])}</li>'
            for story in reversed(stories)
        )
        main = render("courier/listing", heading=escape(heading), items=items)
        return self._page(heading, main)

    def _article(self, story: Story) -> bytes:
        person = '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        names = (f'<span itemprop="name">{escape(name)}</span>' for name in story.authors)
        others = [other for other in self._stories if other != story][-3:]
        main = render(
            "courier/article",
            base=self._base,
            language=story.language,
            url=self._url(story),
            section_url=f"{self._base}/{story.section.lower()}",
            section=escape(story.section),
            headline=escape(story.title),
            chapo=escape(story.chapo),
            authors=" and ".join(f"{person}{name}</span>" for name in names),
            published_iso=story.published.isoformat(),
            published=f"{story.published:%B %d, %Y, %H:%M}",
            modified=f'<meta itemprop="dateModified" content="{story.modified.isoformat()}">',
            image=f"{self._base}/images/{story.slug}.svg",
            content=blocks_html(story.blocks),
            tags=", ".join(f'<span itemprop="keywords">{escape(tag)}</span>' for tag in story.tags),
            comments=self._comments(story),
            related="\n".join(
                f"<li>{links([(self._url(other), other.title)])}</li>" for other in others
            ),
        )
        return self._page(story.title, main, language=story.language, head=self._head(story))

    def _head(self, story: Story) -> str:
        properties = {
            "og:type": "article",
            "og:site_name": NAME,
            "og:title": story.title,
            "og:description": story.chapo,
            "og:url": self._url(story),
            "og:image": f"{self._base}/images/{story.slug}.svg",
            "article:published_time": story.published.isoformat(),
            "article:modified_time": story.modified.isoformat(),
        }
        metas = (
            f'<meta property="{name}" content="{escape(value)}">'
            for name, value in properties.items()
        )
        url = self._url(story)
        relations = f'<link rel="canonical" href="{url}">\n<link rel="amphtml" href="{url}/amp/">'
        return "\n".join([relations, *metas])

    def _amp(self, story: Story) -> bytes:
        return render(
            "courier/amp",
            base=self._base,
            language=story.language,
            direction=_direction(story.language),
            url=self._url(story),
            headline=escape(story.title),
            chapo=escape(story.chapo),
            content=blocks_html(story.blocks),
        ).encode()

    def _comments(self, story: Story) -> str:
        if not story.comments:
            return ""
        threads = self._thread(story, None)
        return f'<section class="reader-comments"><h2>Comments</h2>\n{threads}\n</section>'

    def _thread(self, story: Story, parent_id: str | None) -> str:
        children = [comment for comment in story.comments if comment.parent_id == parent_id]
        return "\n".join(self._comment(story, comment) for comment in children)

    def _comment(self, story: Story, comment: Comment) -> str:
        assert comment.date_created
        return render(
            "courier/comment",
            id=comment.comment_id,
            author=escape(comment.author or ""),
            iso=comment.date_created.isoformat(),
            date=f"{comment.date_created:%B %d, %Y}",
            text=escape(comment.text, quote=False),
            replies=self._thread(story, comment.comment_id),
        )

    def _sitemaps(self) -> Iterator[tuple[str, Response]]:
        base = self._base
        newest = self._stories[-NEWS_STORIES:]
        older = self._stories[:-NEWS_STORIES]
        english = [story for story in older if story.language == "en"]
        others = [story for story in older if story.language != "en"]
        odd = [TAG_PATH, AUTHOR_PATH, "/world", EMBARGO, *(path for path, _, _ in ODD_PAGES)]
        urlset = sitemaps.urlset(
            [sitemaps.Location(f"{base}/")]
            + [sitemaps.Location(self._url(story), story.modified) for story in english]
            + [sitemaps.Location(base + path) for path in odd]
        )
        files = {
            # mtime=0: the same bytes, hence the same ETag, at every start.
            "articles.xml.gz": (gzip.compress(urlset, mtime=0), "application/gzip"),
            "news.xml": (self._news(newest), XML),
            "languages.txt": (self._text(others), TEXT),
        }
        for name, (body, content_type) in files.items():
            path = f"/sitemaps/{name}"
            yield path, Response(body, content_type, last_modified=self._changed)
        index = sitemaps.index(
            sitemaps.Location(f"{base}/sitemaps/{name}", self._changed) for name in files
        )
        yield "/sitemaps/index.xml", Response(index, XML, last_modified=self._changed)

    def _news(self, stories: Sequence[Story]) -> bytes:
        return sitemaps.news(
            sitemaps.News(
                url=self._url(story),
                publication=NAME,
                language=story.language,
                published=story.published,
                title=story.title,
            )
            for story in stories
        )

    def _text(self, stories: Sequence[Story]) -> bytes:
        """The other languages, and two more addresses of one story."""
        urls = [self._url(story) for story in stories]
        return sitemaps.text([*urls, f"{urls[0]}/amp/", f"{urls[0]}?utm_source=sitemap#comments"])


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
