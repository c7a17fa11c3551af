from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.items import Article
from tests.extract.pages import PROSE, URL, json_ld, page, story

TITLE = "Le pont de bois rouvre après dix ans"
INTRO = (
    "La réouverture du pont se suit ici, minute par minute, avec nos reporters sur les deux rives."
)
WALKERS = ("facteur", "maire", "garde champêtre", "vétérinaire", "curé", "meunier")
TEXTS = [
    f"Le {who} arrive au bord de la rivière et regarde longuement les planches neuves avant de "
    "poser le pied dessus, comme on tâte une eau froide."
    for who in WALKERS
]
CLOCKS = [f"1{8 - number}h0{number}" for number in range(len(TEXTS))]
MOMENTS = [f"2025-06-03T1{8 - number}:0{number}:00+02:00" for number in range(len(TEXTS))]
# How an entry's time, text and number are set.
SHAPES = {
    "articles": '<article class="entry"><time datetime="{moment}">{clock}</time><p>{text}</p>'
    "</article>",
    "named": '<div class="liveblog-entry"><header class="entry-meta"><span class="timestamp">'
    '<time datetime="{moment}">{clock}</time></span> Par Maëlle</header><p>{text}</p></div>',
    "plain": '<div class="post"><div class="post-date">{clock}</div><div class="post-content"><p>'
    "{text}</p></div></div>",
    "flat": '<p class="hour"><strong>{clock}</strong></p><p>{text}</p>',
    "timeline": '<li><span class="dateline"><time>{clock}</time></span><p>{text}</p></li>',
    "anchors": '<section><a href="#e{number}"><time>{clock}</time></a><p>{text}</p></section>',
    "themed": '<article class="post"><time>{clock}</time><div class="entry-content"><p>{text}</p>'
    "<p>{text} Et la foule applaudit longuement.</p></div></article>",
}


def entries(shape: str, texts: list[str] = TEXTS) -> str:
    return "".join(
        SHAPES[shape].format(number=number, clock=CLOCKS[number], moment=MOMENTS[number], text=text)
        for number, text in enumerate(texts)
    )


def updates() -> str:
    listed = [
        {"@type": "BlogPosting", "datePublished": moment, "articleBody": text}
        for moment, text in zip(MOMENTS, TEXTS, strict=True)
    ]
    return json_ld(
        json.dumps({"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": listed})
    )


def article(html: bytes) -> Article:
    found = extract(html, URL)
    assert isinstance(found, Article), found
    return found


def paragraphs(found: Article) -> list[str]:
    assert [block.text for block in found.blocks] == found.article_body.split("\n\n")
    return found.article_body.split("\n\n")


@pytest.mark.parametrize("stated", [False, True])
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "themed"])
def test_the_entries_of_a_live_blog_stand_in_the_page_s_order_each_below_its_time(
    shape: str, stated: bool
) -> None:
    html = page(
        f"<main><h1>{TITLE}</h1><p>{INTRO}</p><div>{entries(shape)}</div></main>",
        (updates() if stated else "")
        + '<meta property="article:published_time" content="2025-06-03T08:00:00+02:00">',
    )
    dated = [line for pair in zip(CLOCKS, TEXTS, strict=True) for line in pair]
    assert paragraphs(article(html)) == [INTRO, *dated]


def test_entries_that_are_set_like_articles_of_their_own_are_one_story() -> None:
    html = page(f"<main><h1>{TITLE}</h1><div>{entries('themed')}</div></main>", updates())
    told = paragraphs(article(html))
    assert [line for line in told if line in CLOCKS] == CLOCKS
    assert [line for line in told if line in TEXTS] == TEXTS


def test_where_the_page_shows_no_times_they_are_those_of_its_structured_data() -> None:
    text = "".join(f"<p>{text}</p>" for text in TEXTS)
    html = page(f"<main><h1>{TITLE}</h1><p>{INTRO}</p>{text}</main>", updates())
    moments = [moment[:16].replace("T", " ") for moment in MOMENTS]
    dated = [line for pair in zip(moments, TEXTS, strict=True) for line in pair]
    assert paragraphs(article(html)) == [INTRO, *dated]


def test_a_live_blog_whose_entries_only_structured_data_has_is_read_from_it() -> None:
    html = page(f'<main id="app"><h1>{TITLE}</h1></main>', updates())
    moments = [moment[:16].replace("T", " ") for moment in MOMENTS]
    dated = [line for pair in zip(moments, TEXTS, strict=True) for line in pair]
    assert paragraphs(article(html)) == dated


def test_the_times_of_comments_are_no_entries() -> None:
    comments = "".join(
        f'<li class="comment" id="comment-{n}"><b class="comment-author">Lectrice {n}</b>'
        f'<time datetime="{MOMENTS[n]}">{CLOCKS[n]}</time><div class="comment-body"><p>{text}</p>'
        "</div></li>"
        for n, text in enumerate(TEXTS)
    )
    html = page(
        f"<main><h1>{TITLE}</h1><div>{entries('articles')}</div>"
        f'<section id="comments"><ol class="comment-list">{comments}</ol></section></main>'
    )
    found = article(html)
    assert [line for line in paragraphs(found) if line in CLOCKS] == CLOCKS
    assert len(found.comments) == len(TEXTS)


def test_a_story_with_one_date_above_and_one_below_gets_no_times() -> None:
    html = story(f"<time>3 juin 2025 à 8h00</time>{PROSE}<time>Mis à jour à 9h00</time>")
    assert "h00" not in article(html).article_body


def test_times_of_boxes_on_other_stories_and_prices_are_no_entries() -> None:
    dates = ("2023-04-25T05:00", "2025-01-24T12:38", "2024-12-23T13:31", "2021-03-03T09:00")
    boxes = "".join(
        f'<p>{text}</p><div class=teaser><time datetime="{date}">à {date[11:]}</time></div>'
        for text, date in zip(TEXTS, dates, strict=False)
    )
    assert paragraphs(article(story(f"{boxes}{PROSE}")))[:2] == TEXTS[:2]
    prices = "".join(f"<p>{text}</p><span>$1{n}.99</span>" for n, text in enumerate(TEXTS))
    assert "$10.99" not in paragraphs(article(story(f"{prices}{PROSE}")))[0]
