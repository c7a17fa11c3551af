"""Listing pages: which links are articles, and where the older ones are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.listings import Listing, parse_listing
from crawler.errors import Refusal
from tests.discovery.mutations import mutations

HOME = "https://www.example.com/"

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>La Gazette</title>
</head><body class="home blog"><header>
<nav><ul class="menu"><li><a href="/politique/">Politique</a></li>
<li><a href="/la-gazette-et-ses-lecteurs/">La Gazette et ses lecteurs</a></li></ul></nav></header>
<main>
<article class="post"><a href="/2026/11/23/l-eau-monte/"><img src="a.jpg" alt=""></a>
 <h2><a href="/2026/11/23/l-eau-monte/?utm_source=home">L’eau monte à Nantes</a></h2>
 <a href="/category/meteo/">Météo</a> <a href="/author/lea-martin/">Léa Martin</a>
 <a href="/2026/11/23/"><time>23 novembre</time></a>
 <a href="/2026/11/23/l-eau-monte/#respond">3 commentaires</a>
 <a href="/2026/11/23/l-eau-monte/">Lire la suite de cet article sur notre site</a></article>
<article><h2><a href="/?p=12">Hello</a></h2></article>
<div class="card"><a href="/culture/le-musee-rouvre.html"><h3>Le musée rouvre</h3><p>Chapô</p></a>
</div><div><a href="https://m.example.com/eco/la-halle-ferme-48213.php">La halle ferme</a></div>
<h2><a href="/sport/">Sport</a></h2>
<h2><a href="/sport/finale">La finale en direct</a></h2>
<a href="https://elsewhere.example/2026/11/23/un-autre-journal/">Partenaire</a>
<a href="/mon-compte/ma-page-de-mes-abonnements">Compte</a>
<a href="/photos/2026/11/une-belle-photo.jpg">Photo</a>
<a href="/politique-de-confidentialite/">Confidentialité</a>
<a href="mailto:redaction@example.com">Écrire</a>
</main>
<nav class="navigation pagination"><div class="nav-links">
<span class="page-numbers current">1</span>
<a class="page-numbers" href="/page/2/">2</a><a class="page-numbers" href="/page/30/">30</a>
<a class="next page-numbers" href="/page/2/">Suivant</a></div></nav>
<footer><a href="/qui-sommes-nous-et-que-voulons-nous/">Qui sommes-nous</a></footer>
</body></html>"""


def listing_of(body: str, url: str = HOME) -> Listing:
    found = parse_listing(body.encode(), url)
    assert isinstance(found, Listing)
    return found


def urls_of(listing: Listing) -> list[str]:
    return [candidate.url for candidate in listing.candidates]


def test_articles_are_told_from_everything_else_on_the_page() -> None:
    listing = listing_of(PAGE)
    assert [(candidate.url, candidate.title) for candidate in listing.candidates] == [
        ("https://www.example.com/2026/11/23/l-eau-monte/", "L’eau monte à Nantes"),
        ("https://www.example.com/?p=12", "Hello"),
        ("https://www.example.com/culture/le-musee-rouvre.html", "Le musée rouvre"),
        (
            "https://m.example.com/eco/la-halle-ferme-48213.php",
            "La halle ferme",
        ),
        ("https://www.example.com/sport/finale", "La finale en direct"),
    ]
    assert {candidate.found_by for candidate in listing.candidates} == {"listing"}


def test_the_address_of_an_article_speaks_for_itself_outside_cards_and_headings() -> None:
    links = [
        "/2026/nov/23/water-levels",
        "/20261123-budget",
        "/a/le-maire-et-ses-adjoints",
        "/actu/budget-vote-123456",
    ]
    body = "".join(f'<p><a href="{link}">x</a></p>' for link in links)
    assert urls_of(listing_of(body)) == [HOME.rstrip("/") + link for link in links]


@pytest.mark.parametrize(
    "link",
    [
        "/tag/eau-potable-a-nantes/",
        "/2026/",
        "/2026/11/",
        "/fr/2026/11",
        "/page/2/",
        "/?page=2",
        "/",
        "/wp-login.php?redirect_to=un-deux-trois-quatre",
        "/panier/un-deux-trois-quatre",
        "/feed/",
        "/recherche/le-maire-de-la-ville",
        "/conditions-generales-de-vente/",
        "/x/plan-d-acces-a-la-ville.pdf",
    ],
)
def test_service_pages_are_no_articles_even_under_a_heading(link: str) -> None:
    assert urls_of(listing_of(f'<h2><a href="{link}">Un titre assez long ici</a></h2>')) == []


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ('<h2><a href="/printemps/">Printemps</a></h2>', False),
        ('<article><h2><a href="/printemps/">Printemps</a></h2></article>', True),
        ('<p><a rel="bookmark" href="/printemps/">Printemps</a></p>', True),
        ('<h3><a rel="tag" href="/eau-et-vin/">Eau et vin</a></h3>', False),
        ('<article><a href="/high-tech/">High-Tech</a></article>', False),
        ('<article><a href="/eau-monte/">L’eau monte à Nantes</a></article>', True),
        ('<form><h2><a href="/eau-monte/">L’eau monte</a></h2></form>', True),
        ('<div class="menu"><ul><li><a href="/le-nom-d-une-page/">Page</a></li></ul></div>', False),
        ('<div role="navigation"><a href="/le-nom-d-une-page/">Page</a></div>', False),
        ('<footer><a href="/2026/11/23/l-eau-monte/">L’eau monte</a></footer>', True),
        ("<div>" * 1000 + '<h2><a href="/eau-monte/">L’eau monte</a></h2>', True),
    ],
)
def test_the_place_of_a_link_decides_where_its_address_does_not(body: str, taken: bool) -> None:
    assert bool(listing_of(body).candidates) is taken


def test_a_page_does_not_list_itself() -> None:
    url = "https://www.example.com/2026/11/23/l-eau-monte/"
    body = f'<h1><a href="{url}#top">L’eau monte à Nantes</a></h1>'
    assert urls_of(listing_of(body, url)) == []


def test_an_invitation_to_read_on_is_no_title() -> None:
    body = '<a href="/2026/11/23/l-eau-monte/">Lire la suite</a>'
    assert [candidate.title for candidate in listing_of(body).candidates] == [None]


@pytest.mark.parametrize(
    ("url", "body", "following"),
    [
        (HOME, PAGE, "/page/2/"),
        (HOME, '<link rel="next" href="/page/2/">', "/page/2/"),
        (HOME, '<a rel="nofollow next" href="/plus?curseur=abc">…</a>', "/plus?curseur=abc"),
        (
            f"{HOME}page/2/",
            '<a href="/">1</a><a href="/page/3/">3</a><a href="/page/9/">9</a>',
            "/page/3/",
        ),
        (f"{HOME}page/30/", '<a href="/page/29/">29</a><a href="/page/1/">1</a>', None),
        (f"{HOME}?paged=2", '<a href="/?paged=1">1</a><a href="/?paged=3">3</a>', "/?paged=3"),
        (f"{HOME}tag/eau/?a=b", '<a href="/tag/eau/?a=b&page=2">2</a>', "/tag/eau/?a=b&page=2"),
        (f"{HOME}tag/eau/", '<a href="/tag/vin/page/2/">2</a>', None),
        (HOME, '<a href="/?query-3-page=2">Page suivante</a>', "/?query-3-page=2"),
        (HOME, '<a href="/?page=1">2</a><a href="/?page=2">3</a>', "/?page=1"),
        (
            f"{HOME}actu?debut=10",
            '<p class="pagination"><a href="/actu?debut=0">1</a>'
            '<a href="/actu?debut=20">page suivante</a>',
            "/actu?debut=20",
        ),
        (
            HOME,
            '<ul class="pager"><li><a href="/o/2" aria-label="Next page">›</a></li></ul>',
            "/o/2",
        ),
        (HOME, '<a href="/next-big-thing-in-town">Next big thing</a>', None),
        (HOME, '<a rel="next" href="https://elsewhere.example/page/2/">2</a>', None),
    ],
)
def test_the_next_page_is_found(url: str, body: str, following: str | None) -> None:
    expected = None if following is None else HOME.rstrip("/") + following
    assert listing_of(body, url).next_url == expected


def test_following_the_pages_of_a_numbered_archive_ends_and_misses_none() -> None:
    def body(number: int) -> str:
        shown = {1, number - 1, number + 1, 12} - {number, 0, 13}
        return "".join(
            f'<a href="{"/archives/" if n == 1 else f"/archives/page/{n}/"}">{n}</a>'
            for n in sorted(shown)
        )

    url: str | None = f"{HOME}archives/"
    visited: list[str] = []
    while url is not None and len(visited) < 50:
        visited.append(url)
        url = listing_of(body(len(visited)), url).next_url
    assert visited == [f"{HOME}archives/"] + [f"{HOME}archives/page/{n}/" for n in range(2, 13)]


@given(
    st.binary() | mutations([PAGE]),
    st.sampled_from([HOME, f"{HOME}page/2/", "http://127.0.0.1:8000/"]),
)
def test_any_bytes_are_a_listing(body: bytes, url: str) -> None:
    assert isinstance(parse_listing(body, url), Listing | Refusal)
