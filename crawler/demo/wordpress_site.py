"""`le-colporteur.localhost`: a site such as WordPress makes, with feeds, sitemaps and REST API.

Its listings also link what a crawler must refuse: a shop, a login page, a disallowed draft, and
articles under other addresses (tracking parameters, AMP, the mobile host, `#comments`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.demo import feeds, sitemaps
from crawler.demo.markup import links, picture, render, slugify
from crawler.demo.site import TEXT, XML, Query, Response, Site
from crawler.demo.texts import Story
from crawler.demo.wordpress_api import POSTS, Post, PostsApi
from crawler.demo.wordpress_theme import NAME, Theme

HOST = "le-colporteur.localhost"
POSTS_PER_PAGE = 10  # WordPress's default, of listings and feeds
FIRST_POST_ID = 101
RSS = "application/rss+xml; charset=UTF-8"
ROBOTS = """User-agent: *
Disallow: /wp-admin/
Disallow: /brouillons/
Allow: /wp-admin/admin-ajax.php

Sitemap: {base}/wp-sitemap.xml
"""
STATIC_PAGES = {
    "/mentions-legales/": ("Mentions légales", "legal"),
    "/contact/": ("Contact", "contact"),
    "/boutique/tasse-le-colporteur/": ("Tasse Le Colporteur", "product"),
    "/wp-login.php": ("Se connecter", "login"),
}
# Linked from the home page, forbidden by robots.txt.
DRAFT = "/brouillons/budget-de-la-fete-du-lac/"


def story_path(story: Story) -> str:
    """Where a story lives on this host."""
    return f"/{story.slug}/"


class WordPressSite(Site):
    """Prepared pages, and the two things that WordPress computes: `?p=` and the REST API."""

    def __init__(self, stories: Sequence[Story], base: str) -> None:
        self._base = base
        self._stories = stories
        post_ids = {story.slug: FIRST_POST_ID + n for n, story in enumerate(stories)}
        self._paths_by_id = {str(id_): f"/{slug}/" for slug, id_ in post_ids.items()}
        self._theme = Theme(base, stories, post_ids)
        self._terms = {kind: _by_term(stories, kind) for kind in ("category", "tag", "author")}
        self._api = PostsApi(base, [self._post(story, post_ids) for story in stories])
        missing = self._static("Page introuvable", "missing", status=404)
        super().__init__(dict(self._prepare()), missing)

    def respond(self, path: str, query: Query) -> Response:
        """As WordPress routes: the API first, then the short link, then the page."""
        if path in ("/wp-json", "/wp-json/"):
            return self._api.index()
        if path == POSTS:
            return self._api.search(query)
        if path.startswith(f"{POSTS}/"):
            return self._api.one(path.removeprefix(f"{POSTS}/"))
        if path.startswith("/wp-json/"):
            return self._api.no_route()
        if path == "/" and query.get("p") in self._paths_by_id:
            target = self._base + self._paths_by_id[query["p"]]
            return Response(b"", status=301, headers=(("Location", target),))
        return super().respond(path, query)

    def _prepare(self) -> Iterator[tuple[str, Response]]:
        yield "/robots.txt", Response(ROBOTS.format(base=self._base).encode(), TEXT)
        yield from self._feeds()
        yield from self._sitemaps()
        yield from self._listing("/", "À la une", self._stories)
        for kind, terms in self._terms.items():
            for name, stories in terms.items():
                yield from self._listing(f"/{kind}/{slugify(name)}/", name, stories)
        for story in self._stories:
            path = story_path(story)
            yield path, self._html(self._theme.article(story))
            yield f"{path}amp/", Response(self._theme.amp(story))
            yield f"/images/{story.slug}.svg", Response(picture(story.slug), "image/svg+xml")
        for name in ("icone", "avatar"):
            yield f"/images/{name}.svg", Response(picture(name), "image/svg+xml")
        for path, (title, template) in STATIC_PAGES.items():
            yield path, self._static(title, template)
        yield DRAFT, self._html(self._theme.article(replace(self._stories[0], title="Brouillon")))

    def _html(self, body: bytes, status: int = 200) -> Response:
        api = ("Link", f'<{self._base}/wp-json/>; rel="https://api.w.org/"')
        return Response(body, status=status, headers=(api,))

    def _static(self, title: str, template: str, status: int = 200) -> Response:
        main = render(f"colporteur/{template}", base=self._base)
        return self._html(self._theme.page(title, main, body_class="page"), status)

    def _listing(
        self, path: str, title: str, stories: Sequence[Story]
    ) -> Iterator[tuple[str, Response]]:
        """Ten stories a page, newest first: `path`, then `path` + `page/2/` and so on."""
        newest = stories[::-1]
        chunks = [newest[at : at + POSTS_PER_PAGE] for at in range(0, len(newest), POSTS_PER_PAGE)]
        pages = [path] + [f"{path}page/{n}/" for n in range(2, len(chunks) + 1)]
        pagination = links(((self._base + page, str(n)) for n, page in enumerate(pages, 1)), " ")
        for page, chunk in zip(pages, chunks, strict=True):
            is_home = page == "/"
            body = self._theme.listing(
                title,
                chunk,
                pagination=pagination,
                head=f'<link rel="canonical" href="{self._base}{page}">',
                extra=self._odd_links() if is_home else "",
            )
            changed = _last_change(self._stories) if is_home else None
            yield page, replace(self._html(body), last_modified=changed)

    def _odd_links(self) -> str:
        """What the home page links besides: other addresses of articles, and disallowed ones."""
        first, second, third = (story_path(story) for story in self._stories[-3:])
        mobile = self._base.replace("//", "//m.")
        anchors = links(
            [
                (f"{self._base}{first}?utm_source=accueil&utm_medium=bloc", "Le plus lu"),
                (f"{self._base}{second}amp/", "Le plus partagé"),
                (f"{mobile}{third}", "Le plus lu sur mobile"),
                (f"{self._base}{DRAFT}", "En préparation"),
                (f"{self._base}/wp-admin/post-new.php", "Écrire"),
            ],
            " ",
        )
        return render("colporteur/most_read", links=anchors)

    def _feeds(self) -> Iterator[tuple[str, Response]]:
        newest = self._stories[: -POSTS_PER_PAGE - 1 : -1]
        entries = [
            feeds.Entry(
                url=self._theme.url(story),
                guid=self._theme.url(story),
                title=story.title,
                summary=story.chapo,
                published=story.published,
                modified=story.modified,
                authors=story.authors,
                categories=(story.section, *story.tags),
            )
            for story in newest
        ]
        yield self._feed("/feed/", NAME, entries)
        commented = [story for story in self._stories if story.comments]
        for story in commented:
            path = f"{story_path(story)}feed/"
            yield self._feed(path, f"Commentaires sur {story.title}", self._comments(story))
        everything = [entry for story in commented for entry in self._comments(story)]
        everything.sort(key=lambda entry: entry.published, reverse=True)
        title = f"Commentaires pour {NAME}"
        yield self._feed("/comments/feed/", title, everything[:POSTS_PER_PAGE])

    def _feed(self, path: str, title: str, entries: Sequence[feeds.Entry]) -> tuple[str, Response]:
        channel = feeds.Channel(
            title=title, home=f"{self._base}/", url=self._base + path, language="fr-FR"
        )
        changed = feeds.newest_change(entries)
        return path, Response(feeds.rss(channel, entries), RSS, last_modified=changed)

    def _comments(self, story: Story) -> list[feeds.Entry]:
        url = self._theme.url(story)
        return [
            feeds.Entry(
                url=f"{url}#comment-{comment.comment_id}",
                guid=f"{url}#comment-{comment.comment_id}",
                title=f"Commentaires sur {story.title} par {comment.author}",
                summary=comment.text,
                published=comment.date_created,
                modified=comment.date_created,
                authors=(comment.author or "",),
            )
            for comment in story.comments
            if comment.date_created
        ]

    def _sitemaps(self) -> Iterator[tuple[str, Response]]:
        """The names and the division of WordPress core's own sitemaps."""
        base = self._base
        children = {
            "posts-post-1": [
                sitemaps.Location(self._theme.url(story), story.modified) for story in self._stories
            ],
            "posts-page-1": [
                sitemaps.Location(base + path) for path in ("/", *list(STATIC_PAGES)[:3])
            ],
            "taxonomies-category-1": self._term_locations("category"),
            "taxonomies-post_tag-1": self._term_locations("tag"),
            "users-1": self._term_locations("author"),
        }
        changed = _last_change(self._stories)
        for name, locations in children.items():
            path = f"/wp-sitemap-{name}.xml"
            yield path, Response(sitemaps.urlset(locations), XML, last_modified=changed)
        index = sitemaps.index(
            sitemaps.Location(f"{base}/wp-sitemap-{name}.xml") for name in children
        )
        yield "/wp-sitemap.xml", Response(index, XML, last_modified=changed)

    def _term_locations(self, kind: str) -> list[sitemaps.Location]:
        names = self._terms[kind]
        return [sitemaps.Location(f"{self._base}/{kind}/{slugify(name)}/") for name in names]

    def _post(self, story: Story, post_ids: dict[str, int]) -> Post:
        def ids(kind: str, names: Sequence[str]) -> tuple[int, ...]:
            known = list(self._terms[kind])
            return tuple(known.index(name) + 1 for name in names)

        return Post(
            id=post_ids[story.slug],
            story=story,
            url=self._theme.url(story),
            author_id=ids("author", story.authors)[0],
            category_ids=ids("category", [story.section]),
            tag_ids=ids("tag", story.tags),
        )


def _by_term(stories: Sequence[Story], kind: str) -> dict[str, list[Story]]:
    """The stories under each category, tag or author."""
    found: dict[str, list[Story]] = defaultdict(list)
    for story in stories:
        terms = {"category": (story.section,), "tag": story.tags, "author": story.authors}
        for name in terms[kind]:
            found[name].append(story)
    return dict(found)


def _last_change(stories: Sequence[Story]) -> datetime:
    return max(story.modified for story in stories)
