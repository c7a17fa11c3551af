"""WordPress' REST API: the addresses to ask, and the posts and comments that an answer names.

The addresses hold for both shapes of the API's root, with and without pretty permalinks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.discovery.candidate import Candidate
from crawler.discovery.hints import iso_date, json_value, plain_text
from crawler.discovery.urls import resolve
from crawler.errors import Reason, Refusal

# The most that WordPress gives at once.
POSTS_PER_PAGE = 100

_POSTS, _COMMENTS = "wp/v2/posts", "wp/v2/comments"
_FIELDS = "id,link,date_gmt,modified_gmt,title"
# How WordPress answers to a page after the last one.
_PAST_THE_END = "rest_post_invalid_page_number"
# What the address of a comment has more than that of its post, where comments are cut into pages.
_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")


@dataclass(frozen=True, slots=True)
class CommentNews:
    """A comment by its id, and the address of the post it was written under."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Posts:
    """One page of posts. `count` below `POSTS_PER_PAGE` means that it is the last one."""

    candidates: tuple[Candidate, ...]
    count: int


def posts_url(api_root: str, page: int = 1, modified_after: datetime | None = None) -> str:
    """Where page `page` (from 1) of the posts is, all or those changed after an aware moment.

    Posts come by ascending id: one that is added meanwhile never pushes another over a page's edge
    unseen. WordPress reads a moment without zone in the site's own time, so the zone is named; it
    compares whole seconds, strictly. Before WordPress 5.7 it ignores the moment and gives all. A
    scheduled post keeps its old time of change when it appears: feeds show it, this does not.
    """
    parameters = {
        "per_page": str(POSTS_PER_PAGE),
        "page": str(page),
        "orderby": "id",
        "order": "asc",
        "_fields": _FIELDS,
    }
    if modified_after is not None:
        moment = modified_after.astimezone(UTC).replace(tzinfo=None)
        parameters["modified_after"] = moment.isoformat(timespec="seconds") + "Z"
    return _address(api_root, _POSTS, parameters)


def total_url(api_root: str) -> str:
    """Where the API says how many posts it has (`X-WP-Total`), and nearly nothing else."""
    return _address(api_root, _POSTS, {"per_page": "1", "_fields": "id"})


def comments_url(api_root: str, page: int = 1) -> str:
    """Where page `page` (from 1) of the comments is, the newest first.

    By id: a comment's date may be any, and is in the site's own time. One that a moderator lets
    through after newer ones is not found by its id.
    """
    parameters = {
        "per_page": str(POSTS_PER_PAGE),
        "page": str(page),
        "orderby": "id",
        "order": "desc",
        "_fields": "id,link",
    }
    return _address(api_root, _COMMENTS, parameters)


def _address(api_root: str, route: str, parameters: dict[str, str]) -> str:
    parts = urlsplit(api_root)
    query = dict(parse_qsl(parts.query))
    path = parts.path
    if "rest_route" in query:
        query["rest_route"] = f"{query['rest_route'].rstrip('/')}/{route}"
    else:
        path = f"{path.rstrip('/')}/{route}"
    asked = urlencode(query | parameters, safe="/,:")
    return urlunsplit((parts.scheme, parts.netloc, path, asked, ""))


def parse_posts(body: bytes, url: str) -> Posts | Refusal:
    """The posts in an answer to `posts_url`; a Refusal where it is an error or no answer at all.

    A page after the last one, which WordPress calls an error, is a page without posts.
    """
    answer = json_value(body)
    if isinstance(answer, dict) and isinstance(answer.get("code"), str):
        if answer["code"] == _PAST_THE_END:
            return Posts((), 0)
        return Refusal(Reason.UNREADABLE_LISTING, f"the API answers {answer['code']}")
    if not isinstance(answer, list):
        return Refusal(Reason.UNREADABLE_LISTING, "no answer of WordPress' API")
    candidates = [candidate for post in answer if (candidate := _candidate(post, url))]
    if answer and not candidates:
        return Refusal(Reason.UNREADABLE_LISTING, "a list, but not of posts")
    return Posts(tuple(candidates), len(answer))


def parse_comments(body: bytes, url: str) -> tuple[CommentNews, ...] | None:
    """The comments in an answer to `comments_url`; None where it is an error or no answer."""
    answer = json_value(body)
    if not isinstance(answer, list):
        return None
    told = []
    for comment in answer:
        said = comment if isinstance(comment, dict) else {}
        address, number = resolve(url, said.get("link")), said.get("id")
        if address and isinstance(number, int):
            parts = urlsplit(address)
            path = _COMMENT_PAGE.sub("/", parts.path)
            post = urlunsplit((parts.scheme, parts.netloc, path, _without_page(parts.query), ""))
            told.append(CommentNews(number, post))
    return tuple(told)


def _without_page(query: str) -> str:
    return urlencode([pair for pair in parse_qsl(query) if pair[0] != "cpage"])


def _candidate(post: object, url: str) -> Candidate | None:
    if not isinstance(post, dict) or (address := resolve(url, post.get("link"))) is None:
        return None
    title = post.get("title")
    return Candidate(
        url=address,
        found_by="wordpress",
        date_published=iso_date(post.get("date_gmt")),
        date_modified=iso_date(post.get("modified_gmt")),
        title=plain_text(title.get("rendered")) if isinstance(title, dict) else None,
    )
