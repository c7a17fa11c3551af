"""The pages that a benchmark crawls: invented ones of a real page's weight, or saved ones.

Both are the same bytes on every run. Invented pages have what a news page of today has around its
few hundred words: menus, cards of other stories, pictures in eight sizes, scripts, JSON, comments.
"""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.wordpress.content import Draft, DraftComment, Newsroom

SITE = "Le Banc d’essai"
PICTURE_WIDTHS = (160, 320, 480, 640, 768, 1024, 1280, 1920)
RUBRICS = ("actualites", "sciences", "culture", "economie", "sports", "environnement")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the path that it is served at."""

    path: str
    body: bytes


def invented_pages(count: int, size: int) -> Iterator[Page]:
    """Articles of about `size` bytes each, no two of them alike."""
    posts = Newsroom().archive(count)
    paths = [f"/{post.date[:10].replace('-', '/')}/l-article-{n}/" for n, post in enumerate(posts)]
    others = [(path, post.headline) for path, post in zip(paths, posts, strict=True)]
    for number, (path, post) in enumerate(zip(paths, posts, strict=True)):
        theme = _Theme(random.Random(number), others, size)
        yield Page(path, theme.page(path, post).encode())


def saved_pages(folder: Path, count: int) -> Iterator[Page]:
    """At most `count` articles of a folder with an `index.jsonl`, spread evenly over its paths.

    Each is served at its own path, which says much of what a page is; one page for a path.
    """
    files: dict[str, tuple[str, str]] = {}
    with (folder / "index.jsonl").open(encoding="utf-8") as index:
        for entry in map(json.loads, index):
            path = urlsplit(entry["url"].strip()).path
            if entry.get("page_type", "article") == "article" and path.strip("/"):
                files.setdefault(path.rstrip("/").lower(), (path, entry["file"]))
    taken = [files[key] for key in sorted(files)]
    count = min(count, len(taken))
    for number in range(count):
        path, file = taken[number * len(taken) // count]
        body = (folder / "html" / file).read_bytes()
        yield Page(path, gzip.decompress(body) if file.endswith(".gz") else body)


class _Theme:
    """Sets a post in a page as a theme with everything switched on does.

    The furniture grows card by card, each with a script, until the page has its size. That makes a
    tag for every 206 bytes and 27 % script, where saved pages have 222 and 26 % on average.
    """

    def __init__(self, dice: random.Random, others: Sequence[tuple[str, str]], size: int) -> None:
        self._dice = dice
        self._others = others
        self._size = size

    def page(self, path: str, post: Draft) -> str:
        story = self._story(post)
        head, menu = self._head(path, post), self._menu()
        cards: list[str] = []
        weight = len((head + menu + story).encode())
        while weight < self._size:
            cards.append(self._card(len(cards)))
            weight += len(cards[-1].encode())
        half = len(cards) // 2
        return (
            f'<!DOCTYPE html>\n<html lang="fr">{head}<body class="post-template single single-post'
            f' wp-embed-responsive">{menu}<div class="site-content"><aside class="sidebar">'
            f'{"".join(cards[:half])}</aside><main id="main">{story}</main>'
            f'<section class="related-posts"><h2>À lire aussi</h2>{"".join(cards[half:])}</section>'
            f'</div><footer class="site-footer">{menu}</footer></body></html>\n'
        )

    def _head(self, path: str, post: Draft) -> str:
        headline = html.escape(html.unescape(post.headline))
        published = f"{post.date.replace(' ', 'T')}+00:00"
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": html.unescape(post.headline),
            "datePublished": published,
            "author": [{"@type": "Person", "name": post.author}],
            "publisher": {"@type": "Organization", "name": SITE},
            "keywords": post.tags,
        }
        return (
            f'<head><meta charset="utf-8"><title>{headline} - {SITE}</title>'
            f'<link rel="canonical" href="{path}"><meta property="og:type" content="article">'
            f'<meta property="og:title" content="{headline}">'
            f'<meta property="article:published_time" content="{published}">'
            f'<script type="application/ld+json">{json.dumps(facts)}</script></head>'
        )

    def _menu(self) -> str:
        items = (
            f'<li class="menu-item menu-item-type-taxonomy menu-item-object-category">'
            f'<a href="/{rubric}/{part}/" data-track="menu:{part}">{rubric} {part}</a></li>'
            for rubric in RUBRICS
            for part in range(1, 7)
        )
        return f'<nav class="main-navigation"><ul class="menu">{"".join(items)}</ul></nav>'

    def _story(self, post: Draft) -> str:
        lede = f'<p class="entry-summary">{post.excerpt}</p>' if post.excerpt else ""
        return (
            f'<article class="post type-post status-publish"><header class="entry-header">'
            f'<h1 class="entry-title">{post.headline}</h1>{lede}<p class="entry-meta">Par '
            f'<a rel="author" href="/auteurs/">{post.author}</a>, le <time datetime="'
            f'{post.date.replace(" ", "T")}Z">{post.date[:10]}</time></p></header>'
            f'<div class="entry-content">{_paragraphs(post.body)}</div></article>'
            f"{self._discussion(post)}"
        )

    def _discussion(self, post: Draft) -> str:
        shown = [comment for comment in post.comments if comment.approved == "1"]
        if not shown:
            return ""
        items = "".join(self._comment(comment, number) for number, comment in enumerate(shown, 1))
        return (
            f'<div id="comments" class="comments-area"><h2 class="comments-title">{len(shown)} '
            f'commentaires</h2><ol class="comment-list">{items}</ol></div>'
        )

    def _comment(self, comment: DraftComment, number: int) -> str:
        return (
            f'<li id="comment-{number}" class="comment depth-1"><article class="comment-body">'
            f'<footer class="comment-meta"><b class="fn">{comment.author}</b> <time datetime="'
            f'{comment.date.replace(" ", "T")}Z">{comment.date}</time></footer><div '
            f'class="comment-content">{_paragraphs(comment.text)}</div></article></li>'
        )

    def _card(self, number: int) -> str:
        path, headline = self._dice.choice(self._others)
        picture = f"/wp-content/uploads/2026/07/{self._dice.randbytes(6).hex()}"
        webp, jpeg = (
            ", ".join(f"{picture}-{width}x{width // 2}.{kind} {width}w" for width in PICTURE_WIDTHS)
            for kind in ("webp", "jpg")
        )
        slot = {
            "id": f"slot-{number}",
            "key": self._dice.randbytes(20).hex(),
            "sizes": [[300, 250], [300, 600], [728, 90]],
            "targeting": {"rubric": self._dice.choice(RUBRICS), "path": path, "lazy": True},
            "bids": [self._dice.randrange(10_000) for _ in range(60)],
        }
        return (
            f'<div class="card card--horizontal col-12"><a class="card__link" href="{path}"'
            f' data-track="card:{number}"><picture><source type="image/webp" srcset="{webp}"><img '
            f'class="card__image lazyload" srcset="{jpeg}" src="{picture}-320x160.jpg" alt="">'
            f'</picture></a><h3 class="card__title"><a href="{path}">{headline}</a></h3><span '
            f'class="card__rubric">{self._dice.choice(RUBRICS)}</span></div>'
            f"<script>window.slots=window.slots||[];slots.push({json.dumps(slot)});</script>"
        )


def _paragraphs(text: str) -> str:
    """Set bare lines of a post in paragraphs, as WordPress does when it shows them."""
    parts = re.split(r"\n{2,}", text)
    return "\n".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
