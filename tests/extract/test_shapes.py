"""Stories in odd shapes: interviews, lists, galleries, and paragraphs in whatever wraps them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.extract import extract
from crawler.items import Article
from tests.extract.pages import URL, page, story

TITLE = "Le pont de bois rouvre après dix ans"
HEAD = '<meta property="article:published_time" content="2025-06-03T08:00:00+02:00">'
TEXTS = [
    "Le pont de bois a rouvert mardi matin, dix ans après la crue qui emporta ses deux piles.",
    "Les premiers à passer furent un facteur, trois écoliers et un âne, que personne n’attendait.",
    "La commune a choisi du mélèze du pays, plus lent à poser mais facile à remplacer en hiver.",
    "Le chantier a coûté moins que prévu, ce que personne au conseil n’avait vu depuis longtemps.",
    "Reste la question du poids : au-delà de trois tonnes, il faudra faire le tour par le gué.",
    "Le garde champêtre promet de compter les ânes, un par un, jusqu’à la prochaine foire.",
]
QUESTIONS = [
    "Vous attendiez ce jour depuis longtemps ?",
    "Pourquoi du bois ?",
    "Et les ânes ?",
    "Le gué sert-il encore ?",
    "Qui a payé ?",
    "Et maintenant ?",
]
AROUND = (
    '<div id="header"><a href="/">Gazette</a></div><ul class="menu"><li><a href="/a">Rives</a></li>'
    '<li><a href="/b">Gués</a></li></ul><div class="wrap"><div class="main"><h1>{}</h1>'
    "<div>{}</div>"
    '<div><a href="/c">Le bac ferme pour de bon, et personne ne le pleure</a></div></div>'
    '<div class="right"><h4>Brèves</h4><p>Le meunier cherche un apprenti qui ne craigne pas l’eau.'
    '</p><p><a href="/d">La suite</a></p></div></div><div id="footer">Gazette du gué, 2025</div>'
)


def told(html: bytes) -> list[str]:
    article = extract(html, URL)
    assert isinstance(article, Article), article
    return article.article_body.split("\n\n")


def themed(body: str) -> bytes:
    """A page of an old theme: no element or class that says where the article is."""
    return page(AROUND.format(TITLE, body), HEAD)


def set_in(form: str, texts: list[str] = TEXTS) -> str:
    return "".join(form.format(text) for text in texts)


@pytest.mark.parametrize(
    "body",
    [
        "<br><br>".join(TEXTS),
        "<br/>\n<br/>\n".join(f"<span>{text}</span>" for text in TEXTS),
        f"<div>{'<br><br>'.join(TEXTS)}</div>",
        "<hr>".join(TEXTS),
        set_in("<div>{}</div>"),
        set_in("<div><span>{}</span></div>"),
        set_in("<div><div><div>{}</div></div></div>"),
        set_in("<section><p>{}</p></section>"),
        set_in("<section><div>{}</div></section>"),
        set_in("<article-paragraph>{}</article-paragraph>"),
        set_in("<x-block><x-text><p>{}</p></x-text></x-block>"),
        set_in('<div class="row"><div class="col-md-8"><p>{}</p></div></div>'),
        set_in("<font size=2><p>{}</p></font>"),
        set_in("<center><p>{}</p></center>"),
        set_in("<p><span style='font-weight:400'>{}</span></p>"),
        set_in("<p></p><p>&nbsp;</p><p>{}</p>"),
        "<table><tr><td>" + set_in("<p>{}</p>") + "</td></tr></table>",
        "<table><tr><td><img src=x></td><td>" + set_in("<p>{}</p>") + "</td></tr></table>",
        "<table>" + set_in("<tr><td>{}</td></tr>") + "</table>",
        "<p>" + "</p><div><div>".join(TEXTS[:2]) + "</div></div>" + set_in("<p>{}</p>", TEXTS[2:]),
        TEXTS[0] + set_in("<p>{}</p>", TEXTS[1:]),
        set_in("<p>{}</p>", TEXTS[:3]) + set_in("<div>{}</div>", TEXTS[3:]),
        set_in("<p>{}</p>", TEXTS[:3]) + "<br><br>".join(TEXTS[3:]),
        "<details open><summary>Lire</summary>" + set_in("<p>{}</p>") + "</details>",
        set_in('<p class="paragraph"><a name="a"></a>{}</p>'),
        set_in("<p><b></b>{}<img src=x.gif width=1 height=1></p>"),
        set_in("<main-text><slot><p>{}</p></slot></main-text>"),
        set_in("<dl><dd>{}</dd></dl>"),
    ],
)
@pytest.mark.parametrize("theme", [story, themed])
def test_no_paragraph_is_lost_in_whatever_wraps_it(
    body: str, theme: Callable[[str], bytes]
) -> None:
    found = told(theme(body))
    assert [line for line in found if line in TEXTS] == TEXTS
    assert len(found) <= len(TEXTS) + 1


@pytest.mark.parametrize(
    "form",
    [
        "<p><strong>{}</strong></p><p>{}</p>",
        "<p><b>{}</b><br>{}</p>",
        "<h3>{}</h3><p>{}</p>",
        "<p class=question>{}</p><p class=answer>{}</p>",
        "<div class=question>{}</div><div class=reponse><p>{}</p></div>",
        "<dt>{}</dt><dd>{}</dd>",
        "<p><em>{}</em></p><blockquote><p>{}</p></blockquote>",
        "<section><h4>{}</h4><div>{}</div></section>",
        "<p>— {}</p><p>— {}</p>",
        "<h3><button aria-expanded=false>{}</button></h3><div class=panel><p>{}</p></div>",
        "<details><summary>{}</summary><p>{}</p></details>",
    ],
)
@pytest.mark.parametrize("theme", [story, themed])
def test_an_interview_keeps_every_question_with_its_answer(
    form: str, theme: Callable[[str], bytes]
) -> None:
    body = "".join(form.format(*pair) for pair in zip(QUESTIONS, TEXTS, strict=True))
    body = f"<dl>{body}</dl>" if "<dt>" in form else body
    lines = "\n".join(told(theme(body))).replace("— ", "").split("\n")
    assert lines == [line for pair in zip(QUESTIONS, TEXTS, strict=True) for line in pair]


def test_one_word_answers_stay_where_they_were_given() -> None:
    body = "".join(
        f"<p><strong>{question}</strong></p><p>{answer}</p>"
        for question, answer in zip(QUESTIONS, ["Oui.", TEXTS[1], "Non.", "Oui.", TEXTS[4], "Oui."],
                                    strict=True)
    )  # fmt: skip
    lines = told(story(f"<p>{TEXTS[0]}</p>{body}<p>{TEXTS[5]}</p>"))
    assert [line for line in lines if line in ("Oui.", "Non.")] == ["Oui.", "Non.", "Oui.", "Oui."]
    assert lines[-1] == TEXTS[5]


@pytest.mark.parametrize(
    "form",
    [
        "<h2>{number}. {name}</h2><p>{text}</p>",
        "<h2><i>{number}.</i> {name}</h2><figure><img src={number}.jpg></figure><p>{text}</p>",
        "<section class=item><h3>{number}. {name}</h3><div><p>{text}</p></div></section>",
        "<div class=slide><h3>{number}. {name}</h3><img src={number}.jpg><p>{text}</p></div>",
        "<li><h3>{number}. {name}</h3><p>{text}</p></li>",
        "<article class=list-item><h3>{number}. {name}</h3><p>{text}</p></article>",
    ],
)
@pytest.mark.parametrize("theme", [story, themed])
def test_an_article_that_lists_things_keeps_every_item_with_its_title(
    form: str, theme: Callable[[str], bytes]
) -> None:
    names = ["Le facteur", "Les écoliers", "Le mélèze", "Le conseil", "Le gué", "Les ânes"]
    items = "".join(
        form.format(number=number, name=name, text=text)
        for number, (name, text) in enumerate(zip(names, TEXTS, strict=True), start=1)
    )
    items = f"<ol>{items}</ol>" if "<li>" in form else items
    intro = "Six choses à savoir sur le pont de bois, de la première planche au dernier des ânes."
    assert told(theme(f"<p>{intro}</p>{items}")) == [
        intro,
        *(
            line
            for number, (name, text) in enumerate(zip(names, TEXTS, strict=True), start=1)
            for line in (f"{number}. {name}", text)
        ),
    ]


@pytest.mark.parametrize("tag", ["ul", "ol"])
def test_the_points_of_a_list_are_the_article_s_when_most_of_it_is_one(tag: str) -> None:
    body = f"<p>{TEXTS[0]}</p><{tag}>{set_in('<li>{}</li>', TEXTS[1:])}</{tag}>"
    assert told(story(body)) == TEXTS
    nested = f"<p>{TEXTS[0]}</p><{tag}>{set_in('<li><div><p>{}</p></div></li>', TEXTS[1:])}</{tag}>"
    assert told(story(nested)) == TEXTS


@pytest.mark.parametrize(
    "form",
    [
        "<figure><img src={0}.jpg><figcaption>{1}</figcaption></figure>",
        '<div class="gallery-item"><img src={0}.jpg><div class="gallery-caption">{1}</div></div>',
    ],
)
def test_the_captions_of_a_gallery_are_captions_and_its_text_is_text(form: str) -> None:
    captions = [f"La planche numéro {n}, vue de la rive gauche au petit matin." for n in range(5)]
    pictures = "".join(form.format(number, text) for number, text in enumerate(captions))
    article = extract(story(f"<p>{TEXTS[0]}</p><p>{TEXTS[1]}</p>{pictures}<p>{TEXTS[2]}</p>"), URL)
    assert isinstance(article, Article), article
    assert [block.text for block in article.blocks if block.type == "caption"] == captions
    assert article.article_body.split("\n\n") == TEXTS[:3]


def test_a_story_whose_parts_lie_in_containers_of_their_own_is_whole() -> None:
    parts = "".join(f'<div class="article-body"><p>{text}</p></div><div class="ad"></div>'
                    for text in TEXTS)  # fmt: skip
    assert told(page(f"<main><h1>{TITLE}</h1>{parts}</main>", HEAD)) == TEXTS


def test_a_story_that_goes_on_below_a_box_in_its_middle_is_whole() -> None:
    box = (
        '<aside class="related"><h3>Lire aussi</h3><ul><li><a href=/a>Le bac</a></li></ul></aside>'
    )
    first, last = set_in("<p>{}</p>", TEXTS[:3]), set_in("<p>{}</p>", TEXTS[3:])
    assert told(story(first + box + last)) == TEXTS
    assert told(story(f"<div>{first}</div>{box}<div>{last}</div>")) == TEXTS


@pytest.mark.parametrize(
    "body",
    [
        set_in("<figure><img src=x.jpg><figcaption>{}</figcaption></figure>"),
        set_in('<div class=slide><img src=x.jpg><p class="image-caption">{}</p></div>'),
        "<pre>" + "\n\n".join(TEXTS) + "</pre>",
    ],
)
def test_a_page_that_tells_only_in_captions_or_as_typed_is_a_story_all_the_same(body: str) -> None:
    assert told(story(body)) == TEXTS


def test_code_alone_is_no_story() -> None:
    code = (
        "def bridge():\n    planks = load(open('planks'))\n    return {plank: 1 for plank in all}"
    )
    assert not isinstance(extract(story(f"<pre>{code}\n\n{code}\n\n{code}</pre>"), URL), Article)
