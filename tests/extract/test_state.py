from __future__ import annotations

import base64
import html
import json
import time

import pytest

from crawler.extract import extract
from crawler.extract.state import stated_story
from crawler.items import Article
from tests.extract.pages import PROSE, TEXTS, URL, document, json_ld, page

TITLE = "Le pont de bois rouvre après dix ans"
LONG = TEXTS + [f"{text} Ainsi parla le garde champêtre." for text in TEXTS]
MARKUP = "".join(f"<p>{text}</p>" for text in LONG)
OTHER = "".join(
    f"<p>Un tout autre récit, le numéro {n}, sur le bac et le gué.</p>" for n in range(40)
)


def script(text: str, attributes: str = "") -> str:
    return f"<script{attributes}>{text}</script>"


def nuxt3(value: object) -> str:
    """As devalue writes it: each value once, named by its number."""
    values: list[object] = []

    def number(part: object) -> int:
        own = len(values)
        values.append(None)
        if isinstance(part, dict):
            values[own] = {key: number(entry) for key, entry in part.items()}
        elif isinstance(part, list):
            values[own] = [number(entry) for entry in part]
        else:
            values[own] = part
        return own

    values.append(["ShallowReactive", 1])
    number(value)
    return script(json.dumps(values), ' type="application/json" id="__NUXT_DATA__"')


def flight(*rows: str) -> str:
    """As React's server components come: text, cut anywhere into scripts."""
    text = "".join(rows)
    cuts = [text[start : start + 301] for start in range(0, len(text), 301)]
    return "".join(
        script(f"self.__next_f.push([1,{json.dumps(cut, ensure_ascii=False)}])") for cut in cuts
    )


def element(tag: str, children: object) -> list[object]:
    return ["$", tag, None, {"children": children}]


LIST = [{"type": "paragraph", "text": text} for text in LONG]
TYPED = {"headline": TITLE, "content": LIST}


def next_data(value: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    "state",
    [
        next_data({"props": {"pageProps": {"post": {"title": TITLE, "body": MARKUP}}}}),
        next_data({"title": {"rendered": TITLE}, "content": {"rendered": MARKUP}}),
        "<script>window.__APOLLO_STATE__="
        + json.dumps({"a:1": {"headline": TITLE, "body": {"json": [
            {"type": "p", "children": [{"type": "text", "data": text}]} for text in LONG]}}})
        + ";</script>",
        "<script>window.Fusion=window.Fusion||{};Fusion.globalContent="
        + json.dumps({"headline": TITLE, "content_elements": [
            {"type": "text", "content": text} for text in LONG] + [{"type": "image", "url": "x"}]})
        + ";Fusion.x=1</script>",
        json_ld(json.dumps({"@type": "NewsArticle", "headline": TITLE,
                            "articleBody": "\n".join(LONG)})),
        json_ld(json.dumps({"@type": "NewsArticle", "headline": TITLE,
                            "articleBody": html.escape(MARKUP)})),
        # Nuxt 3 and 2
        nuxt3({"data": {"story": {"title": TITLE, "body": MARKUP}}}),
        nuxt3({"data": {"story": TYPED}}),
        script('window.__NUXT__=(function(a,b,c){c.x=1;return {layout:"default",data:[{article:'
               "{id:.5,title:a,live:!1,next:b,tags:[a,void 0],on:new Date(5),body:"
               + json.dumps(MARKUP).replace("<", "\\u003C") + "}}],error:null}}("
               + json.dumps(TITLE) + ",null,{}));"),
        # React's server components: elements, and a text in a row of its own
        flight('1:I["chunk",[]]\n', "0:" + json.dumps(["$", "$L1", None, {"story": element("div", [
            element("p", ["", text]) for text in LONG]), "title": TITLE}]) + "\n"),
        flight(f"2:T{len(MARKUP.encode()):x},{MARKUP}", "3:" + json.dumps(
            {"title": TITLE, "body": "$2"}) + "\n"),
        # Apollo's references
        script("window.__APOLLO_STATE__=" + json.dumps({
            "ROOT_QUERY": {"article": {"__ref": "Article:1"}},
            "Article:1": {"title": TITLE, "body": [{"__ref": f"P:{n}"} for n in range(len(LONG))]},
            **{f"P:{n}": {"__typename": "Paragraph", "text": text} for n, text in enumerate(LONG)},
        })),
        # values in strings, in attributes, in base64, in entities
        script("var s=JSON.parse(" + json.dumps(json.dumps(TYPED)) + ");"),
        script("var s=JSON.parse('"
               + json.dumps(TYPED).replace("\\", "\\\\").replace("'", "\\'") + "');"),
        script('s=JSON.parse(atob("'
               + base64.b64encode(json.dumps(TYPED).encode()).decode() + '"))'),
        script(html.escape(json.dumps(TYPED)), ' type="application/json"'),
        script(json.dumps({"path": {}, "story": TYPED}),
               ' type="application/json" data-drupal-selector="drupal-settings-json"'),
        f'<div data-page="{html.escape(json.dumps({"props": TYPED}))}"></div>',
        # Contentful, Portable Text, Editor.js, Draft, Gutenberg
        next_data({"title": TITLE, "body": {"nodeType": "document", "content": [
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": text}]}
            for text in LONG]}}),
        next_data({"title": TITLE, "body": [
            {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": text}]}
            for text in LONG]}),
        next_data({"title": TITLE, "blocks": [
            {"type": "paragraph", "data": {"text": text}} for text in LONG]}),
        next_data({"title": TITLE, "blocks": [
            {"type": "unstyled", "text": text, "entityRanges": []} for text in LONG]}),
        next_data({"title": TITLE, "blocks": [
            {"name": "core/paragraph", "attributes": {"content": text}} for text in LONG]}),
        # for readers without scripts, and for a shadow
        f"<noscript><div>{MARKUP}</div></noscript>",
        f'<x-story><template shadowrootmode="open">{MARKUP}</template></x-story>',
    ],
)  # fmt: skip
def test_the_story_of_an_empty_shell_is_read_from_its_state(state: str) -> None:
    article = extract(page(f'<div id="app"><h1>{TITLE}</h1></div>{state}'), URL)
    assert isinstance(article, Article), article
    assert article.article_body.split("\n\n") == LONG


def test_the_story_that_bears_the_page_s_title_is_told_and_not_a_longer_one() -> None:
    state = {"a": {"title": "Le bac et le gué, un récit", "body": OTHER},
             "b": {"title": TITLE, "body": MARKUP}}  # fmt: skip
    article = extract(page(f"<h1>{TITLE}</h1>{next_data(state)}"), URL)
    assert isinstance(article, Article), article
    assert article.article_body.split("\n\n") == LONG


def test_a_longer_story_that_the_page_s_own_refers_to_is_not_told_instead() -> None:
    other = {"title": "Le bac et le gué, un récit", "body": {"text": OTHER * 3}}
    state = {"title": TITLE, "body": MARKUP, "mentions": [{"article": other}]}
    article = extract(page(f"<h1>{TITLE}</h1>{next_data(state)}"), URL)
    assert isinstance(article, Article), article
    assert article.article_body.split("\n\n") == LONG


def test_what_the_page_shows_goes_before_its_state() -> None:
    article = extract(page(f"<h1>{TITLE}</h1>{MARKUP}{next_data({'body': OTHER})}"), URL)
    assert isinstance(article, Article), article
    assert article.article_body.split("\n\n") == LONG


def test_headings_quotes_and_lists_of_a_state_are_what_they_are_called() -> None:
    parts = [
        *({"type": "text", "content": text} for text in LONG),
        {"type": "header", "level": 3, "content": "Le gué"},
        {"type": "list", "items": [{"type": "text", "content": "Un âne"}]},
        {"type": "quote", "content_elements": [], "content": "Il faut compter les ânes, tous."},
        {"type": "oembed_response", "raw_oembed": {"html": "<p>Un message d’ailleurs</p>"}},
        {"type": "text", "content": "<b>Fin</b> de l’histoire du pont, du bac et du gué réunis."},
    ]
    state = next_data({"headline": TITLE, "content_elements": parts})
    article = extract(page(f'<div id="app"><h1>{TITLE}</h1></div>{state}'), URL)
    assert isinstance(article, Article), article
    told = [(block.type, block.text, block.level) for block in article.blocks[len(LONG) :]]
    assert ("heading", "Le gué", 3) in told
    assert ("quote", "Il faut compter les ânes, tous.", None) in told
    assert told[-1] == ("paragraph", "Fin de l’histoire du pont, du bac et du gué réunis.", None)


def test_an_empty_shell_s_headline_authors_dates_and_lede_come_from_its_state() -> None:
    story = {
        "headlines": {"basic": TITLE},
        "credits": {"by": [{"name": "Maëlle Kervadec"}, {"name": "Yann Le Goff"}]},
        "display_date": "2025-06-03T08:00:00+02:00",
        "last_updated_date": "2025-06-04T09:30:00Z",
        "description": {
            "basic": "Dix ans après la crue, on passe de nouveau à pied sec, et l’âne."
        },
        "content_elements": [{"type": "text", "content": text} for text in LONG],
        "related": [{"headlines": {"basic": "Le bac"}, "credits": {"by": [{"name": "X Y"}]}}],
    }
    article = extract(page(f'<div id="app"></div>{next_data({"story": story})}'), URL)
    assert isinstance(article, Article), article
    assert article.headline == TITLE
    assert article.authors == ("Maëlle Kervadec", "Yann Le Goff")
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2025-06-03T08:00:00+02:00"
    assert article.date_modified is not None
    assert article.date_modified.isoformat() == "2025-06-04T09:30:00+00:00"
    assert article.description == story["description"]["basic"]  # type: ignore[index]


def test_an_empty_shell_s_sub_headline_is_its_lede_and_not_what_machines_are_told() -> None:
    shown = "Dix ans après la crue, on passe de nouveau<br>à pied sec, et l’âne aussi."
    story = {"title": TITLE, "subTitle": shown, "contentHtml": MARKUP}
    told = '<meta name="description" content="Un pont, une crue, un âne : tout savoir.">'
    article = extract(page(f'<div id="app"></div>{next_data({"story": story})}', told), URL)
    assert isinstance(article, Article), article
    assert article.description == shown.replace("<br>", " ")


def test_facts_of_another_story_in_the_state_are_not_the_page_s() -> None:
    other = {"title": "Le bac et le gué, un récit", "body": OTHER, "author": "Yann Le Goff"}
    article = extract(page(f"<h1>{TITLE}</h1>{PROSE}{next_data({'other': other})}"), URL)
    assert not isinstance(article, Article) or article.authors == ()


BIG = 5_000_000
HOSTILE = {
    "numbers": "var a=[" + "1," * (BIG // 2) + "1];",
    "program": "var a={b:function(c){return c({d:1})}};" * (BIG // 40),
    "deep": 's=[["' * (BIG // 5),
    "unterminated": 's={"a":"' * (BIG // 8),
    "escaped": 'JSON.parse("\\"' * (BIG // 14),
    "flight": 'self.__next_f.push([1,"' + "1:" * (BIG // 2) + '"])',
    "nuxt": "window.__NUXT__=(function(a){return {a:" + "[" * (BIG // 2),
    "objects": "s=" + json.dumps([{"a": [{"b": n}]} for n in range(BIG // 20)]),
    "titles": "s=" + json.dumps([{"title": TITLE, "type": "p", "text": "x"}] * (BIG // 60)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_five_megabytes_of_script_are_looked_through_in_a_bounded_time(kind: str) -> None:
    root = document(page(f"<h1>{TITLE}</h1>{script(HOSTILE[kind])}")).root
    begun = time.process_time()
    assert stated_story(root) is None
    assert time.process_time() - begun < 0.5  # measured: .02 to .16 s
