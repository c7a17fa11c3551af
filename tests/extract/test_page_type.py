from __future__ import annotations

import pytest

from crawler.errors import Reason, Refusal
from crawler.extract import extract
from crawler.extract.lexicon import ERROR_HEADLINE
from crawler.extract.signs import AGAINST, FOR
from crawler.items import Article
from tests.extract.pages import PROSE, json_ld, page, story

TEASERS = "".join(
    f'<li><h3><a href="/a{n}">Un titre parmi d’autres, le numéro {n}</a></h3></li>'
    for n in range(40)
)

CARDS = "".join(
    f'<div><h2><a href="/culture/{n}">Un « titre » parmi d’autres, le numéro {n}</a></h2><p>Ce que '
    f"la carte {n} dit de son article tient en une phrase, qui donne envie de lire.</p></div>"
    for n in range(12)
)
CALL = "<p>Dites-nous ce que vous voulez bâtir.</p><a>Demander un devis</a><a>Contactez-nous</a>"


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
            page(
                f"<h1>Âne en bois</h1><p>34,90 €</p><button>Ajouter au panier</button>"
                f'<a href="/panier">Panier</a>{PROSE}',
                json_ld('{"@type":"Product","name":"Âne"}'),
            ),
            "/products/ane-en-bois",
            Reason.PRODUCT_PAGE,
        ),
        (
            page(f"<h1>Quel bois ?</h1>{PROSE}", json_ld('{"@type":"DiscussionForumPosting"}')),
            "/threads/quel-bois.12/",
            Reason.FORUM_PAGE,
        ),
        (
            page(f"<h1>Nos services</h1>{CALL}{PROSE}{CALL}", title="Nos services"),
            "/services/",
            Reason.SERVICE_PAGE,
        ),
        (page(f"<h1>Culture</h1>{CARDS}", title="Culture"), "/culture/", Reason.LISTING_PAGE),
        (
            page(f"<h1>scie(1)</h1>{PROSE}<pre>scie --dents 3</pre>", title="scie: Manual"),
            "/docs/scie.html",
            Reason.SERVICE_PAGE,
        ),
        (
            page(
                f'<div itemscope itemtype="https://schema.org/QAPage"><h1>Quel bois ?</h1>{PROSE}'
                "</div>"
            ),
            "/questions/12/quel-bois",
            Reason.FORUM_PAGE,
        ),
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
        story(PROSE + CARDS),
        page(f"<h1>Le pont de bois rouvre après dix ans</h1>{PROSE}"),
        story(
            "<p>« Enfin ! », a dit le maire en coupant le ruban, que le vent a pris.</p>",
            json_ld('{"@type":"NewsArticle"}'),
        ),
    ],
)
def test_an_article_is_kept_short_news_and_plain_pages_too(html: bytes) -> None:
    url = "https://gazette.example/le-pont-de-bois-rouvre-apres-dix-ans/"
    assert isinstance(extract(html, url), Article)


def test_a_page_without_headline_or_text_is_refused() -> None:
    url = "https://gazette.example/2025/06/03/le-pont-de-bois-rouvre/"
    assert reason(page(PROSE, title=""), url) == Reason.NO_HEADLINE
    assert reason(page("<h1>Le pont de bois rouvre</h1>"), url) == Reason.NO_BODY


def test_a_review_that_names_its_product_is_an_article() -> None:
    types = json_ld('[{"@type":"NewsArticle","headline":"Âne"},{"@type":"Product","name":"Âne"}]')
    html = story(f"<p>Le jouet coûte 34,90 €.</p>{PROSE}", types)
    url = "https://gazette.example/essais/un-ane-de-bois-pour-les-petits/"
    assert isinstance(extract(html, url), Article)


def test_a_refusal_names_the_signs_the_heaviest_first() -> None:
    html = classed("archive category", f"<ul>{TEASERS}</ul>")
    found = extract(html, "https://gazette.example/category/ponts/")
    assert isinstance(found, Refusal)
    assert found.detail.startswith("listing address, listing class")


def test_a_month_in_the_address_is_no_version() -> None:
    at_month, at_version = (
        refused.detail
        for path in ("2025/06", "v2.6")
        if isinstance(
            refused := extract(
                page("<h1>Manuel</h1>" + CARDS), f"https://gazette.example/docs/{path}/index.html"
            ),
            Refusal,
        )
    )
    assert "version" not in at_month
    assert "version" in at_version


@pytest.mark.parametrize("path", ["/", "/fr/", "/index.php", "/?srsltid=Af12"])
def test_a_front_page_is_told_by_its_address(path: str) -> None:
    assert reason(page(f"<h1>La Gazette</h1>{CARDS}"), f"https://gazette.example{path}") in (
        Reason.HOME_PAGE,
        Reason.LISTING_PAGE,
    )


def test_every_weight_speaks_for_the_side_its_sign_stands_on() -> None:
    assert all(sign.weight >= 0 for sign in FOR)
    assert all(sign.weight <= 0 for sign in AGAINST)
    names = [sign.name for sign in FOR + AGAINST]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "headline",
    [
        "404",
        "Erreur 404",
        "404 - Page perdue",
        "404 Not Found : La Gazette",
        "Ошибка 404",
        "错误404",
    ],
)
def test_a_headline_that_tells_of_an_error_is_one(headline: str) -> None:
    assert ERROR_HEADLINE.search(headline)


@pytest.mark.parametrize(
    "headline",
    [
        "The 404 1,310: Un amour de pont (podcast)",
        "La Peugeot 404 repasse le pont",
        "404 ânes passent",
    ],
)
def test_a_story_with_the_number_of_an_error_in_its_headline_is_none(headline: str) -> None:
    assert not ERROR_HEADLINE.search(headline)
