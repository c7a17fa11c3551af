from __future__ import annotations

import pytest

from crawler.errors import Reason, Refusal
from crawler.extract import extract
from crawler.items import Article
from tests.extract.pages import PROSE, json_ld, page, story

TEASERS = "".join(
    f'<li><h3><a href="/a{n}">Un titre parmi d’autres, le numéro {n}</a></h3></li>'
    for n in range(40)
)


def reason(html: bytes, url: str) -> Reason | None:
    found = extract(html, url)
    return found.reason if isinstance(found, Refusal) else None


def classed(name: str, body: str, head: str = "") -> bytes:
    return page(f"<h1>La vallée</h1>{body}", head).replace(
        b"<body>", f'<body class="{name}">'.encode()
    )


@pytest.mark.parametrize(
    ("html", "path", "expected"),
    [
        (page(f"<h1>La Gazette</h1><ul>{TEASERS}</ul>"), "/", Reason.HOME_PAGE),
        (
            classed("archive category", f"<ul>{TEASERS}</ul>"),
            "/category/ponts/",
            Reason.LISTING_PAGE,
        ),
        (classed("archive tag", f"<ul>{TEASERS}</ul>"), "/tag/mélèze/", Reason.LISTING_PAGE),
        (classed("archive author", f"<ul>{TEASERS}</ul>"), "/author/ann/", Reason.AUTHOR_PAGE),
        (classed("error404", "<p>Cette page a suivi la crue.</p>"), "/pont", Reason.ERROR_PAGE),
        (page("<h1>Se connecter</h1><form><input></form>"), "/login", Reason.LOGIN_PAGE),
        (
            page(f"<h1>Âne en bois</h1>{PROSE}", json_ld('{"@type":"Product","name":"Âne"}')),
            "/products/ane-en-bois",
            Reason.PRODUCT_PAGE,
        ),
        (
            page(f"<h1>Quel bois ?</h1>{PROSE}", json_ld('{"@type":"DiscussionForumPosting"}')),
            "/threads/quel-bois.12/",
            Reason.FORUM_PAGE,
        ),
        (page(f"<h1>Nos services</h1>{PROSE}"), "/services/", Reason.SERVICE_PAGE),
    ],
)
def test_what_is_no_article_is_refused_for_what_it_is(
    html: bytes, path: str, expected: Reason
) -> None:
    assert reason(html, f"https://gazette.example{path}") == expected


@pytest.mark.parametrize(
    "html",
    [
        story(),
        story("<p>Le pont de bois a rouvert mardi matin, dix ans après la crue.</p>"),
        story(PROSE + f"<ul>{TEASERS}</ul>"),
    ],
)
def test_an_article_is_kept_short_news_and_plain_pages_too(html: bytes) -> None:
    url = "https://gazette.example/le-pont-de-bois-rouvre-apres-dix-ans/"
    assert isinstance(extract(html, url), Article)


def test_a_page_without_headline_or_text_is_refused() -> None:
    url = "https://gazette.example/2025/06/03/le-pont-de-bois-rouvre/"
    assert reason(page(PROSE, title=""), url) == Reason.NO_HEADLINE
    assert reason(page("<h1>Le pont de bois rouvre</h1>"), url) == Reason.NO_BODY
