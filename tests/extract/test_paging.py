from __future__ import annotations

import pytest

from crawler.extract.paging import read_pages
from crawler.items import Pages
from tests.extract.pages import PROSE, document, page

SITE = "https://gazette.example"


def pages(url: str, body: str, head: str = "", canonical: str | None = None) -> Pages:
    return read_pages(document(page(f"<article>{PROSE}{body}</article>", head), url), canonical)


@pytest.mark.parametrize(
    ("own", "following"),
    [
        ("/2025/le-pont/", "/2025/le-pont/2/"),
        ("/2025/le-pont/", "/2025/le-pont/page/2/"),
        ("/2025/le-pont", "/2025/le-pont/page-2"),
        ("/2025/le-pont/", "/2025/le-pont/?page=2"),
        ("/2025/le-pont?utm_source=rss", "/2025/le-pont?page=2"),
        ("/2025/le-pont.html", "/2025/le-pont-2.html"),
        ("/2025/le-pont.html", "/2025/le-pont,2.html"),
        ("/2025/le-pont.html", "/2025/le-pont/seite-2.html"),
        ("/2025/le-pont/index.html", "/2025/le-pont/2"),
        ("/article.php?id=77", "/article.php?id=77&p=2"),
        ("/2025/le-pont/2/", "/2025/le-pont/3/"),
        ("/2025/le-pont/?page=9", "/2025/le-pont/?page=10"),
        ("/le-pont-1.html", "/le-pont-2.html"),
    ],
)
@pytest.mark.parametrize(
    "link",
    [
        '<a href="{}" rel="next">Suite</a>',
        '<div class="pagination"><a href="{}">Page suivante</a></div>',
        '<p class="page-links">Pages : <span>1</span> <a href="{}">{number}</a></p>',
    ],
)
def test_the_next_page_is_the_article_s_own_address_with_the_next_number(
    own: str, following: str, link: str
) -> None:
    number = "".join(filter(str.isdigit, following.replace("2025", "").replace("77", "")))
    first = own.replace("/2/", "/").replace("?page=9", "")
    back = f'<a href="{first}">1</a>' if first != own else ""
    assert pages(SITE + own, back + link.format(following, number=number)).next == SITE + following


def test_a_link_in_the_head_tells_the_next_page_too() -> None:
    head = '<link rel="next" href="/2025/le-pont/2/">'
    assert pages(f"{SITE}/2025/le-pont/", "", head).next == f"{SITE}/2025/le-pont/2/"


def test_pages_that_are_counted_from_nought_have_1_on_the_second() -> None:
    body = '<ul class="pager"><li><a href="?page=1" rel="next">2</a></ul>'
    assert pages(f"{SITE}/2025/le-pont", body).next == f"{SITE}/2025/le-pont?page=1"


@pytest.mark.parametrize(
    ("own", "link"),
    [
        ("/2025/le-pont/", '<a rel="next" href="/2025/le-bac/">Le bac</a>'),
        ("/2025/le-pont/", '<a rel="next" href="/2025/le-bac/2/">Le bac</a>'),
        ("/2025/le-pont/", '<a rel="next" href="/page/2/">Articles plus anciens</a>'),
        ("/2025/le-pont/", '<a rel="next" href="/2025/page/2/">2</a>'),
        ("/2025/le-pont/", '<a rel="next" href="https://ailleurs.example/2025/le-pont/2/">2</a>'),
        ("/2025/le-pont/", '<a class="next" href="/2025/le-pont/comment-page-2/">2</a>'),
        ("/2025/le-pont/", '<a href="/2025/le-pont/2/">Le pont, deuxième dossier</a>'),
        ("/2025/le-pont/", '<a href="/2025/le-pont/?replytocom=2">2</a>'),
        ("/article.php?id=77", '<a rel="next" href="/article.php?id=78">Suivant</a>'),
        ("/article.php?id=77", '<a rel="next" href="/article.php?page=2">2</a>'),
        ("/news/", '<a rel="next" href="http://[">2</a>'),
        ("/", '<a rel="next" href="/2/">2</a>'),
        ("/2025/le-pont/", '<a rel="next" href="/2025/le-pont/3/">3</a>'),
    ],
)
def test_other_articles_listings_comments_and_hosts_are_no_next_page(own: str, link: str) -> None:
    assert pages(SITE + own, f'<div class="pagination">{link}</div>') == Pages()


@pytest.mark.parametrize(
    ("body", "canonical"),
    [
        ('<a href="/2025/le-pont/">1</a> <b>2</b>', None),
        ('<a href="/2025/le-pont/" rel="prev">Précédent</a>', None),
        ("", f"{SITE}/2025/le-pont/"),
    ],
)
def test_a_later_page_knows_its_first(body: str, canonical: str | None) -> None:
    other = '<a href="/2025/le-pont/2/#top" rel="nofollow">2</a>'
    found = pages(f"{SITE}/2025/le-pont/2/", body + other, canonical=canonical)
    assert found.first == f"{SITE}/2025/le-pont/"


@pytest.mark.parametrize("url", ["/article/2", "/2025/05/", "/le-pont-2.html"])
def test_a_number_in_an_address_alone_makes_no_later_page(url: str) -> None:
    assert (
        pages(SITE + url, '<a rel="prev" href="/article/44">Avant</a><a href="/">1</a>') == Pages()
    )


def test_an_address_with_a_number_goes_on_with_the_next_only_for_who_knows_it_as_a_later_page() -> (
    None
):
    link = '<a rel="next" href="/article/78">Suivant</a>'
    assert pages(f"{SITE}/article/77", link) == Pages(onward=f"{SITE}/article/78")


def test_the_page_with_all_is_told_beside_the_next() -> None:
    body = (
        '<div class="pages"><a href="/2025/le-pont/2/" rel="next">2</a> '
        '<a href="/2025/le-pont/?page=all">Sur une page</a></div>'
    )
    assert pages(f"{SITE}/2025/le-pont/", body) == Pages(
        next=f"{SITE}/2025/le-pont/2/", whole=f"{SITE}/2025/le-pont/?page=all"
    )


def test_a_page_without_numbered_links_has_no_others() -> None:
    assert pages(f"{SITE}/2025/le-pont/", '<a href="/2025/le-pont/#note">1</a>') == Pages()
