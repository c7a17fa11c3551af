from __future__ import annotations

from crawler.extract.blocks import body_text, read_pieces
from crawler.extract.document import MAX_DEPTH
from crawler.items import Block
from tests.extract.pages import document, page


def blocks(body: str) -> list[Block]:
    return [piece.block() for piece in read_pieces(document(page(body)).root)]


def test_every_kind_of_block_is_told_apart_in_reading_order() -> None:
    assert blocks(
        "<h2>Titre</h2><p>Un <b>mot</b>.</p><blockquote><p>Cité.</p></blockquote>"
        "<ul><li>Un<ul><li>Dedans</li></ul></li></ul><pre>a\n  b</pre>"
        "<figure><img src=x><figcaption>Légende</figcaption></figure>"
        "<table><tr><th>An</th><th>Ânes</th></tr><tr><td>2025</td><td>3</td></tr></table>"
    ) == [
        Block("heading", "Titre", 2),
        Block("paragraph", "Un mot."),
        Block("quote", "Cité."),
        Block("list_item", "Un", 1),
        Block("list_item", "Dedans", 2),
        Block("code", "a\n  b"),
        Block("caption", "Légende"),
        Block("table", "An | Ânes\n2025 | 3"),
    ]


def test_text_straight_in_a_div_is_a_paragraph_and_two_breaks_end_one() -> None:
    assert blocks("<div>Un<br>deux<br><br>trois <p>quatre</p> cinq</div>") == [
        Block("paragraph", "Un\ndeux"),
        Block("paragraph", "trois"),
        Block("paragraph", "quatre"),
        Block("paragraph", "cinq"),
    ]


def test_a_table_that_only_lays_out_the_page_is_read_through() -> None:
    assert blocks("<table><tr><td><p>Un.</p><p>Deux.</p></td></tr></table>") == [
        Block("paragraph", "Un."),
        Block("paragraph", "Deux."),
    ]


def test_a_piece_knows_its_links_and_the_furniture_around_it() -> None:
    piece = read_pieces(
        document(page('<div class="related-posts"><p><a href=x>Lien</a> mot</p></div>')).root
    )[0]
    assert piece.link_density == 4 / 8
    assert [name for _, name in piece.regions] == ["related-posts"]


def test_scripts_and_navigation_are_not_read_but_a_page_inside_a_navigation_is() -> None:
    prose = "<p>" + "Un long récit. " * 100 + "</p>"
    assert blocks(f"<nav>Menu</nav><script>x()</script>{prose}") == [
        Block("paragraph", ("Un long récit. " * 100).strip())
    ]
    assert len(blocks(f"<nav>Menu<div>{prose}</div>")) == 2


def test_a_page_inside_an_unclosed_navigation_is_read_beside_other_text() -> None:
    prose = "<p>" + "Un long récit. " * 100 + "</p>"
    found = blocks(f"{prose}<nav>Menu<main><p>Le récit du pont.</p></main></nav>")
    assert Block("paragraph", "Le récit du pont.") in found


def test_words_alone_with_a_picture_are_its_caption() -> None:
    assert blocks("<div><img src=x><span>Le pont, vu du gué</span></div><p>Un.</p>") == [
        Block("caption", "Le pont, vu du gué"),
        Block("paragraph", "Un."),
    ]


def test_a_picture_amid_the_words_of_a_paragraph_makes_it_no_caption() -> None:
    smiley, formula = "<img src=ane.png>", "<i><img src=x.svg></i>"
    assert blocks(
        f"<p>Vivement la foire {smiley}</p><p>Posons <b>que</b> x vaut {formula}</p>"
    ) == [
        Block("paragraph", "Vivement la foire"),
        Block("paragraph", "Posons que x vaut"),
    ]
    assert blocks(f"<p>{smiley}<br>Le pont, vu du gué</p><p>Le gué<br>{smiley}</p>") == [
        Block("caption", "Le pont, vu du gué"),
        Block("caption", "Le gué"),
    ]


def test_a_short_text_that_ends_in_a_credit_is_a_caption() -> None:
    assert blocks("<p>Le pont, vu du gué. Photo : Maëlle Kervadec</p><p>Un.</p>") == [
        Block("caption", "Le pont, vu du gué. Photo : Maëlle Kervadec"),
        Block("paragraph", "Un."),
    ]


def test_paragraphs_nested_as_deep_as_a_page_may_be_are_read_as_paragraphs() -> None:
    deep = MAX_DEPTH - 5
    nested = "<div>" * deep + "<p>Un <b>mot</b>.</p><p>Deux.</p>" + "</div>" * deep
    assert blocks(f"{nested}<p>Trois.</p>") == [
        Block("paragraph", "Un mot."),
        Block("paragraph", "Deux."),
        Block("paragraph", "Trois."),
    ]


def test_captions_are_blocks_and_no_part_of_the_body_s_text() -> None:
    assert body_text(
        [Block("paragraph", "Un."), Block("caption", "Photo"), Block("quote", "Q")]
    ) == ("Un.\n\nQ")


def test_what_hovers_over_a_word_is_no_part_of_its_sentence() -> None:
    profile = '<span class="hovercard"><b>Ada Roux</b> <a href=/a>Her latest stories</a></span>'
    explained = 'a gué<span class="tooltip-text">A place where one walks through a river.</span>'
    assert blocks(f"<p>The mayor, <i>Ada Roux</i>{profile}, took {explained} home.</p>") == [
        Block("paragraph", "The mayor, Ada Roux, took a gué home.")
    ]
    assert blocks(f"<div>{profile}</div>") == [Block("paragraph", "Ada Roux Her latest stories")]


def test_what_is_quoted_is_a_quote_however_large_it_is_set() -> None:
    assert blocks("<blockquote><h2>Le gué !</h2><p>disait-on.</p></blockquote><h2>Après</h2>") == [
        Block("quote", "Le gué !"),
        Block("quote", "disait-on."),
        Block("heading", "Après", 2),
    ]


def test_what_is_hidden_in_a_sentence_does_not_cut_it_unless_it_is_its_rest() -> None:
    formula = "<math><semantics><mi>n</mi><annotation>{\\displaystyle n}</annotation></semantics>"
    assert blocks(
        f'<p>On <span><span style="display: none">{formula}</math></span><img></span> piles '
        'et <span class="sum">42<span aria-hidden="true">~</span></span> ânes.</p>'
        f'<p>Soit {formula}</math> ponts<i class="katex-html" aria-hidden="true">n</i>.</p>'
    ) == [Block("paragraph", "On piles et 42 ânes."), Block("paragraph", "Soit n ponts.")]
    rest = (
        "Les premiers à passer furent un facteur, trois écoliers, deux ânes et le garde champêtre."
    )
    assert blocks(f'<p>Il rouvre. <span style="display:none">{rest}</span></p>') == [
        Block("paragraph", "Il rouvre."),
        Block("paragraph", rest),
    ]
