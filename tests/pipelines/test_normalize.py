from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.items import Article, Block, Comment, Image
from pipelines.blocks import body_of
from pipelines.normalize import (
    NormalizePipeline,
    normalize_article,
    normalize_code,
    normalize_line,
    normalize_text,
)

# What the rules turn on, so that Hypothesis meets it often.
pieces = st.lists(
    st.sampled_from(
        [
            *"aé5M«»:;!?%&;#.\n\r\t -<",
            *"\u00a0\u202f\u2009\u3000\u00ad\u200b\u200c\u200d\u200e\u2028\u2029\u2066\ufeff\ufe0f",
            *"\x00\x07\x0b\x85\x92\u0301\u0338\u212b\u037e\u0645\u0915\u094d\u0958👩🏽🏴\U000e0067\U000e007f",
            "&amp;",
            "&nbsp;",
            "&#38;",
            "&eacute;",
            "&#8217;",
            "&shy;",
            "&lt;",
            "amp;",
            "nbsp;",
        ]
    )
).map("".join)
languages = st.sampled_from(["fr", "fr-CA", "en", None])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Pourquoi ?", "Pourquoi\u00a0?"),
        ("Pourquoi\u00a0?", "Pourquoi\u00a0?"),
        ("Pourquoi\u202f?", "Pourquoi\u202f?"),
        ("Pourquoi\u2009!", "Pourquoi\u202f!"),
        ("Pourquoi  \u00a0 ?!", "Pourquoi\u00a0?!"),
        ("Pourquoi \u202f ?", "Pourquoi\u202f?"),
        ("Il dit : « Non. »", "Il dit\u00a0: «\u00a0Non.\u00a0»"),
        ("(vraiment ?)", "(vraiment\u00a0?)"),
        ("« Vraiment ? »", "«\u00a0Vraiment\u00a0?\u00a0»"),
        ("en hausse de 50 % ; puis", "en hausse de 50\u00a0%\u00a0; puis"),
        ("50 %, puis", "50\u00a0%, puis"),
    ],
)
def test_french_keeps_its_space_before_punctuation_unbroken(typed: str, kept: str) -> None:
    assert normalize_text(typed, "fr-FR") == kept


@pytest.mark.parametrize(
    "typed",
    [
        "Pourquoi?",
        "«Non.»",
        "à 12:30",
        "un écran 16:9",
        "https://journal.example/a?b=1;c",
        "Bravo :)",
        "Bravo ;-) !important",
        "la page ?page=2",
        "si a != b, alors %s",
        "un :nom et ::autre",
    ],
)
def test_no_space_is_invented_or_fixed_where_french_has_none(typed: str) -> None:
    assert normalize_text(typed, "fr") == typed


def test_a_no_break_space_elsewhere_is_a_plain_one() -> None:
    assert normalize_text("10\u00a0000 €, le 3\u202fmai", "fr") == "10 000 €, le 3 mai"


@pytest.mark.parametrize("language", ["en", "de-CH", None])
def test_other_languages_have_plain_spaces_only(language: str | None) -> None:
    assert normalize_text("Why\u00a0? 50\u202f% «\u00a0so\u00a0»", language) == "Why ? 50 % « so »"


def test_quotes_and_dashes_stay_as_typed() -> None:
    typed = "“Don't” — he said – ‘never’ … 'l’eau'"
    assert normalize_text(typed, "en") == typed


def test_letters_are_composed() -> None:
    assert normalize_text("e\u0301te\u0301 \u212b", None) == "été Å"


def test_a_character_reads_the_same_beside_one_that_has_to_go() -> None:
    for character in map(chr, range(0x3000)):
        text = f"e{character}e"
        assert normalize_text(text, None) == normalize_text(f"{text}\0", None), repr(character)


def test_paragraphs_are_parted_by_one_blank_line() -> None:
    typed = "\ufeff\r\n  Un.\t \r\n\u00a0\r\n\n\nDeux,\r même paragraphe.\u2029Trois.  "
    assert normalize_text(typed, "fr") == "Un.\n\nDeux,\nmême paragraphe.\n\nTrois."


def test_a_line_has_no_line_ends() -> None:
    assert normalize_line(" Le pont\n\n\tferme\u2028lundi ", "fr") == "Le pont ferme lundi"


def test_what_shows_nothing_goes() -> None:
    typed = "a\u00adb\u200bc\ufeffd\x07e\x00f\u200eg\u202eh\u2066i\u2069j\u2060k\ufffcl"
    assert normalize_text(typed, None) == "abcdefghijkl"


def test_hidden_tag_characters_go_and_flags_stay() -> None:
    hidden = "Lisez" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    scotland = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert normalize_text(hidden, "fr") == "Lisez"
    assert normalize_text(scotland, "fr") == scotland


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "❤\ufe0f\u200d🔥"])
def test_joiners_stay_where_the_script_needs_them(text: str) -> None:
    assert normalize_text(text, None) == text


def test_joiners_go_where_they_do_nothing() -> None:
    assert normalize_text("le\u200c pont\u200d, 👩\u200d ici", "fr") == "le pont, 👩 ici"


def test_windows_letters_read_as_controls_are_read_right() -> None:
    assert normalize_text("l\x92été \x96 50 \x80\x85", "fr") == "l’été – 50 €…"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("l&rsquo;&eacute;t&eacute;", "l’été"),
        ("l&#8217;eau, R&amp;D", "l’eau, R&D"),
        ("Fin&amp;nbsp;: suite", "Fin\u00a0: suite"),
        ("caf&amp;amp;eacute;", "café"),
        ("caf&#38;amp;eacute;", "café"),
    ],
)
def test_what_was_escaped_twice_is_read_where_it_touches_a_word(typed: str, read: str) -> None:
    assert normalize_text(typed, "fr") == read


@pytest.mark.parametrize(
    "text", ["l’entité &nbsp; en HTML", "a&lt;b&gt;", "AT&T", "x&inconnu;y", "a & b; c"]
)
def test_a_text_that_speaks_of_references_is_left_alone(text: str) -> None:
    assert normalize_text(text, "fr") == text


@given(st.text() | pieces, languages)
@example("\u2190\u200b\u0338", "fr")
def test_to_normalise_twice_changes_nothing(text: str, language: str | None) -> None:
    once = normalize_text(text, language)
    assert normalize_text(once, language) == once
    line = normalize_line(text, language)
    assert normalize_line(line, language) == line
    code = normalize_code(text)
    assert normalize_code(code) == code


@given(st.text() | pieces, languages)
def test_a_normal_text_is_nfc_trimmed_and_has_no_empty_runs(
    text: str, language: str | None
) -> None:
    once = normalize_text(text, language)
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert "  " not in once
    assert "\n\n\n" not in once
    assert not {"\r", "\t", "\0", "\u200b", "\ufeff", "\u00ad"} & set(once)


@given(st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x17F)))
def test_words_and_punctuation_are_never_lost(text: str) -> None:
    assert normalize_text(text.replace("&", ""), "fr") == unicodedata.normalize(
        "NFC", text.replace("&", "")
    )


@pytest.mark.parametrize(
    "piece",
    [" ", "&amp;", "&amp; ", "&", "amp;", "« ", " !", "!", " :", "\u200d", "\n ", "👩\u200d"],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    text = "&" + piece * (400_000 // len(piece)) + "x"
    started = time.process_time()
    normalize_text(text, "fr")
    assert time.process_time() - started < 2


def an_article() -> Article:
    code = "if a:\n\n\tb = '&amp;'"
    return Article(
        url="https://journal.example/pont",
        headline="Le pont\nferme !",
        description="Six mois ?\n\n\n« Trop »",
        article_body=f"Un  texte :\n\n{code}  \n\nLa  fin.".replace("'  ", "'"),
        blocks=(
            Block("heading", "Un\ntitre", 2),
            Block("paragraph", "Un  texte :"),
            Block("code", code),
            Block("paragraph", "\u200b"),
        ),
        authors=("Anne  Lecomte", "Anne Lecomte", " "),
        section=" À la\u00a0une ",
        keywords=("pont", "pont ", "quai"),
        publisher="\u200b",
        in_language="fr-FR",
        images=(Image("https://journal.example/a.jpg", "Le pont ;\nhier"), Image("https://b.c/d")),
        comments=(
            Comment(comment_id="1", text="Quoi ?\r\n\r\nNon !", position=0, author="Léa\u00a0M."),
        ),
    )


def test_every_text_of_an_article_is_normalised() -> None:
    article = NormalizePipeline().process_item(an_article())
    assert article.headline == "Le pont ferme\u00a0!"
    assert article.description == "Six mois\u00a0?\n\n«\u00a0Trop\u00a0»"
    assert article.authors == ("Anne Lecomte",)
    assert article.section == "À la une"
    assert article.keywords == ("pont", "quai")
    assert article.publisher is None
    assert [image.caption for image in article.images] == ["Le pont\u00a0; hier", None]
    (comment,) = article.comments
    assert (comment.text, comment.author) == ("Quoi\u00a0?\n\nNon\u00a0!", "Léa M.")


def test_code_keeps_its_white_space_in_the_blocks_and_in_the_body() -> None:
    article = normalize_article(an_article())
    code = "if a:\n\n\tb = '&amp;'"
    assert article.blocks == (
        Block("heading", "Un titre", 2),
        Block("paragraph", "Un texte\u00a0:"),
        Block("code", code),
    )
    assert article.article_body == f"Un texte\u00a0:\n\n{code}\n\nLa fin."


def test_an_article_is_normalised_once_for_all() -> None:
    once = normalize_article(an_article())
    assert normalize_article(once) == once


kinds = st.sampled_from(["paragraph", "heading", "quote", "list_item", "caption", "embed", "table"])


@given(st.lists(st.builds(Block, kinds, pieces), min_size=1, max_size=4), languages)
@example([Block("heading", "Le pont\nrouvre"), Block("paragraph", "Hier :")], "fr")
@example([Block("paragraph", "\r"), Block("heading", "Et&#10;après ?")], "fr")
def test_a_body_made_of_blocks_is_normalised_with_them_and_as_it_would_be_alone(
    blocks: list[Block], language: str | None
) -> None:
    body = body_of(blocks)
    article = Article(
        url="https://journal.example/pont", headline="Le pont", article_body=body,
        blocks=tuple(blocks), in_language=language,
    )  # fmt: skip
    assert normalize_article(article).article_body == normalize_text(body, language)
