"""The part of WordPress's REST API that a crawler reads: the index and `wp/v2/posts`.

Parameters, headers and errors are those of
https://developer.wordpress.org/rest-api/reference/posts/.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from crawler.demo.markup import blocks_html
from crawler.demo.site import JSON, Query, Response
from crawler.demo.texts import Story

POSTS = "/wp-json/wp/v2/posts"
MAX_PER_PAGE = 100  # WordPress refuses more


@dataclass(frozen=True, slots=True)
class Post:
    """A story with the numbers that WordPress gives to it, its author and its terms."""

    id: int
    story: Story
    url: str
    author_id: int
    category_ids: tuple[int, ...]
    tag_ids: tuple[int, ...]


class PostsApi:
    """Answers `wp/v2/posts` over a fixed list of posts."""

    def __init__(self, base: str, posts: Sequence[Post]) -> None:
        self._base = base
        self._posts = posts

    def index(self) -> Response:
        """`/wp-json/`: what the site is and which namespaces it speaks."""
        routes = {
            path: {"namespace": "wp/v2", "methods": ["GET"]}
            for path in ("/wp/v2/posts", r"/wp/v2/posts/(?P<id>[\d]+)")
        }
        return _json(
            {
                "name": "Le Colporteur",
                "description": "Le journal de Val-Brumeux et de ses environs",
                "url": self._base,
                "home": self._base,
                "gmt_offset": "2",
                "timezone_string": "Europe/Paris",
                "namespaces": ["oembed/1.0", "wp/v2"],
                "routes": routes,
            }
        )

    def one(self, id_: str) -> Response:
        """`wp/v2/posts/<id>`."""
        for post in self._posts:
            if str(post.id) == id_:
                return _json(_rendered(post))
        return _error(404, "rest_post_invalid_id", "Identifiant de publication non valide.")

    def search(self, query: Query) -> Response:
        """`wp/v2/posts`: filtered, ordered, one page of it, with the totals in headers."""
        try:
            page, per_page = int(query.get("page", "1")), int(query.get("per_page", "10"))
            posts = self._ordered(self._filtered(query), query)
        except (ValueError, KeyError):
            return _invalid_parameter()
        if page < 1 or not 1 <= per_page <= MAX_PER_PAGE:
            return _invalid_parameter()
        pages = -(-len(posts) // per_page)
        if page > max(pages, 1):
            return _error(
                400,
                "rest_post_invalid_page_number",
                "Le numéro de page demandé est plus grand que le nombre de pages disponibles.",
            )
        rows = [_rendered(post) for post in posts[(page - 1) * per_page : page * per_page]]
        if "_fields" in query:
            rows = [_only(row, query["_fields"].split(",")) for row in rows]
        headers = [("X-WP-Total", str(len(posts))), ("X-WP-TotalPages", str(pages))]
        headers += self._neighbours(query, page, pages)
        return _json(rows, headers=tuple(headers))

    def no_route(self) -> Response:
        """What every other path below `/wp-json/` answers."""
        return _error(404, "rest_no_route", "Aucun itinéraire ne correspond à l’adresse demandée.")

    def _filtered(self, query: Query) -> list[Post]:
        posts = list(self._posts)
        if limit := query.get("modified_after"):
            posts = [post for post in posts if _is_after(post.story.modified, limit)]
        if limit := query.get("after"):
            posts = [post for post in posts if _is_after(post.story.published, limit)]
        return posts

    def _ordered(self, posts: list[Post], query: Query) -> list[Post]:
        keys = {
            "date": lambda post: (post.story.published, post.id),
            "modified": lambda post: (post.story.modified, post.id),
            "id": lambda post: post.id,
        }
        descending = {"asc": False, "desc": True}[query.get("order", "desc")]
        return sorted(posts, key=keys[query.get("orderby", "date")], reverse=descending)

    def _neighbours(self, query: Query, page: int, pages: int) -> list[tuple[str, str]]:
        """The `Link` header's `prev` and `next` pages."""
        wanted = {"prev": page - 1, "next": page + 1}
        found = [
            f'<{self._base}{POSTS}?{urlencode({**query, "page": number})}>; rel="{relation}"'
            for relation, number in wanted.items()
            if 1 <= number <= pages
        ]
        return [("Link", ", ".join(found))] if found else []


def _is_after(moment: datetime, limit: str) -> bool:
    """A limit without an offset is in the site's own time, as WordPress takes it."""
    bound = datetime.fromisoformat(limit)
    return moment > bound if bound.tzinfo else moment.replace(tzinfo=None) > bound


def _rendered(post: Post) -> dict[str, Any]:
    story = post.story
    return {
        "id": post.id,
        "date": _local(story.published),
        "date_gmt": _local(story.published.astimezone(UTC)),
        "guid": {"rendered": post.url},
        "modified": _local(story.modified),
        "modified_gmt": _local(story.modified.astimezone(UTC)),
        "slug": story.slug,
        "status": "publish",
        "type": "post",
        "link": post.url,
        "title": {"rendered": escape(story.title, quote=False)},
        "content": {"rendered": blocks_html(story.blocks), "protected": False},
        "excerpt": {"rendered": f"<p>{escape(story.chapo, quote=False)}</p>", "protected": False},
        "author": post.author_id,
        "featured_media": 0,
        "comment_status": "open",
        "ping_status": "closed",
        "sticky": False,
        "format": "standard",
        "categories": list(post.category_ids),
        "tags": list(post.tag_ids),
    }


def _local(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat()


def _only(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """`_fields=id,title.rendered` keeps `{"id": …, "title": {"rendered": …}}`."""
    kept: dict[str, Any] = {}
    for name in names:
        top, _, inner = name.strip().partition(".")
        if top in row:
            kept[top] = {inner: row[top][inner]} if inner else row[top]
    return kept


def _json(value: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(json.dumps(value).encode(), JSON, status, headers)


def _error(status: int, code: str, message: str) -> Response:
    return _json({"code": code, "message": message, "data": {"status": status}}, status)


def _invalid_parameter() -> Response:
    return _error(400, "rest_invalid_param", "Paramètre(s) non valide(s).")
