from __future__ import annotations

from crawler.extract import extract
from crawler.items import Article
from tests.extract.pages import PROSE, URL, page

LEDE = "Emporté par la crue, l’ouvrage a été refait en mélèze du pays."
META = '<meta name="description" content="Un pont rouvre dans la vallée.">'


def read(above: str, inside: str = "") -> Article:
    html = page(
        f"<article><h1>Le pont de bois rouvre après dix ans</h1>{above}"
        f'<div class="entry-content">{inside}{PROSE}</div></article>',
        META,
    )
    article = extract(html, URL)
    assert isinstance(article, Article), article
    return article


def test_a_lede_above_the_story_opens_the_body() -> None:
    article = read(f'<p class="chapo">{LEDE}</p>')
    assert article.description == LEDE
    assert article.article_body.startswith(LEDE + "\n\nLe pont de bois a rouvert")
    assert article.field_sources["description"] == "heuristic"


def test_a_lede_inside_the_story_is_not_doubled() -> None:
    article = read("", f'<p class="lead"><strong>{LEDE}</strong></p>')
    assert article.description == LEDE
    assert article.article_body.count(LEDE) == 1


def test_a_sub_headline_is_the_lede_and_stays_out_of_the_body() -> None:
    article = read(f'<h2 class="article-subtitle">{LEDE}</h2>')
    assert article.description == LEDE
    assert LEDE not in article.article_body


def test_without_a_shown_lede_the_meta_description_serves() -> None:
    article = read("")
    assert article.description == "Un pont rouvre dans la vallée."
    assert article.field_sources["description"] == "meta"


def test_a_heading_of_the_share_buttons_is_not_the_headline_that_a_lede_stands_below() -> None:
    shared = '<div class="share-wrapper"><h1>À partager sans modération</h1></div>'
    assert read(f'<p class="page-intro-copy">{LEDE}</p>{shared}').description == LEDE


def test_the_headline_again_is_no_lede() -> None:
    article = read('<p class="intro">Le pont de bois rouvre après dix ans, enfin</p>')
    assert article.description == "Un pont rouvre dans la vallée."


def test_several_points_are_one_lede() -> None:
    points = ("Dix ans après la crue, on passe.", "Le mélèze vient de la vallée.")
    listed = "".join(f"<li>{point}</li>" for point in points)
    assert read(f'<ul class="summary-bullets">{listed}</ul>').description == "\n".join(points)


def test_a_sentence_right_below_the_headline_is_the_lede_though_no_name_marks_it() -> None:
    assert read(f"<h2>{LEDE}</h2>").description == LEDE


def test_a_byline_or_a_price_below_the_headline_is_no_lede() -> None:
    for line in (
        "Par Claude Bohec, envoyé dans la vallée | publié mardi à 14:07",
        "Pour 3 € par mois, lisez tous les articles de la vallée et d’ailleurs",
    ):
        assert read(f"<h2>{line}</h2>").description == "Un pont rouvre dans la vallée."


def test_a_first_paragraph_that_is_bold_throughout_is_the_lede() -> None:
    article = read("", f"<p><strong>{LEDE}</strong></p>")
    assert article.description == LEDE
    assert article.article_body.startswith(LEDE)


def test_a_sub_headline_is_the_lede_though_an_opening_is_named_too() -> None:
    article = read(f'<p class="dek">{LEDE}</p>', f'<p class="lead">{LEDE[:-1]} : c’est fait.</p>')
    assert article.description == LEDE


def test_the_paragraph_that_machines_are_told_is_the_lede_though_no_name_marks_it() -> None:
    told = "Un pont rouvre dans la vallée, en mélèze du pays et pour les piétons seulement."
    html = page(
        "<article><h1>Le pont de bois rouvre après dix ans</h1>"
        "<h2>Le maire promet de compter aussi les ânes qui passent</h2>"
        f'<div class="entry-content"><p class="big">{told}</p>{PROSE}</div></article>',
        f'<meta name="description" content="{told}">',
    )
    article = extract(html, URL)
    assert isinstance(article, Article), article
    assert article.description == told
    assert article.field_sources["description"] == "heuristic"


def test_of_two_named_ones_the_lede_is_what_machines_are_told() -> None:
    told = "Un pont rouvre dans la vallée, en mélèze du pays et pour les piétons seulement."
    html = page(
        "<article><h1>Le pont de bois rouvre après dix ans</h1>"
        f'<h2 class="sub-heading">{LEDE}</h2>'
        f'<div class="entry-content"><p class="lead">{told}</p>{PROSE}</div></article>',
        f'<meta name="description" content="{told[:70]}…">',
    )
    article = extract(html, URL)
    assert isinstance(article, Article), article
    assert article.description == told


def test_a_point_of_the_lede_may_be_a_link() -> None:
    points = (
        f'<h2 class="subtitle">{LEDE}</h2><h2 class="subtitle">'
        '<a href="/direct">Le pont de bois rouvre : suivez la fête en direct</a></h2>'
    )
    article = read(f"<div>{points}</div>")
    assert article.description == f"{LEDE}\nLe pont de bois rouvre : suivez la fête en direct"


def test_the_biography_of_the_author_is_no_lede() -> None:
    told = "Ann Lee écrit pour La Gazette depuis dix ans, et sur les ponts depuis toujours."
    box = f'<div class="author-dropdown"><div class="description"><p>{told}</p></div></div>'
    assert read(box).description == "Un pont rouvre dans la vallée."


def test_what_a_form_asks_of_its_editors_is_no_lede() -> None:
    asked = "Changez le titre, le sous-titre et la visibilité de l’histoire au besoin"
    box = f'<div class="listing-description js-titleInstructions">{asked}</div>'
    assert read(box).description == "Un pont rouvre dans la vallée."


def test_the_rest_of_a_cut_sentence_is_no_lede() -> None:
    rest = "emporté par la crue, l’ouvrage a été refait en mélèze du pays par la commune."
    assert read(f"<p>{rest}</p>").description == "Un pont rouvre dans la vallée."


def test_a_line_that_is_the_date_of_the_story_is_no_lede() -> None:
    line = '<h2 class="subtitle">June 3, 2025 -- Updated 0203 GMT (1003 HKT)</h2>'
    assert read(line).description == "Un pont rouvre dans la vallée."
