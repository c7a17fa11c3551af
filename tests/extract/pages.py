"""Pages for the tests of extraction, put together from what each test is about."""

from __future__ import annotations

from crawler.extract import extract
from crawler.extract.document import Document, parse
from crawler.extract.structured import Structured, read_structured
from crawler.items import Article

URL = "https://gazette.example/2025/06/le-pont-de-bois-rouvre-apres-dix-ans/"
PROSE = (
    "<p>Le pont de bois a rouvert mardi matin, dix ans après la crue qui avait emporté ses deux "
    "piles. Les premiers à passer furent un facteur, trois écoliers et un âne.</p>"
    "<p>La commune a choisi du mélèze du pays, plus lent à poser mais facile à remplacer. Le "
    "chantier a coûté moins que prévu, ce que personne au conseil n’avait vu depuis longtemps.</p>"
    "<p>Reste la question du poids : au-delà de trois tonnes, il faudra faire le tour par le gué. "
    "Le garde champêtre promet de compter les ânes.</p>"
)
TEXTS = PROSE.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
# What is no part of the story, in its words.
ASIDE = "<p>J’ai vu un âne passer le pont ce matin, il avait l’air content de lui.</p>"


def page(body: str, head: str = "", title: str = "Le pont de bois rouvre après dix ans") -> bytes:
    """Return an HTML page in UTF-8."""
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body>{body}</body></html>"
    ).encode()


def story(body: str = PROSE, head: str = "") -> bytes:
    """Return a page whose article has a headline and this body."""
    return page(
        f"<article><h1>Le pont de bois rouvre après dix ans</h1>{body}</article>",
        head + '<meta property="article:published_time" content="2025-06-03T08:00:00+02:00">',
    )


def document(body: bytes, url: str = URL) -> Document:
    """Return the page, parsed."""
    parsed = parse(body, url)
    assert isinstance(parsed, Document), parsed
    return parsed


def structured(body: bytes, url: str = URL) -> Structured:
    """Return what the page tells machines."""
    return read_structured(document(body, url))


def json_ld(text: str) -> str:
    """Return a script element with JSON-LD."""
    return f'<script type="application/ld+json">{text}</script>'


def body_of(html: bytes) -> list[str]:
    """Return the paragraphs of the article in a page that has one."""
    article = extract(html, URL)
    assert isinstance(article, Article), article
    return article.article_body.split("\n\n")
