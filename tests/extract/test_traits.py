from __future__ import annotations

import numpy as np

from crawler.extract.blocks import Piece, read_pieces
from crawler.extract.body import choose_by_rules
from crawler.extract.forest import Floats
from crawler.extract.survey import survey
from crawler.extract.traits import NAMES, Choice, Known, measure
from tests.extract.pages import PROSE, document, page

ASIDE = '<aside class="related"><h3>À lire</h3><ul><li><a href="/gue">Le gué</a></li></ul></aside>'
HTML = page(
    f"<main><h1>Le pont de bois rouvre</h1><article>{PROSE}<h2>2025, et après ?</h2>{PROSE}"
    f"</article>{ASIDE}</main>"
)
KNOWN = Known(headline="le pont de bois rouvre", authors=["léonie parme"], sites={"gazettedugué"})


def measured(
    wanted: list[int] | None = None, html: bytes = HTML
) -> tuple[list[Piece], Choice, Floats]:
    pieces = read_pieces(document(html).root)
    found = survey(pieces)
    choice = choose_by_rules(pieces, found, KNOWN)
    assert choice is not None
    return pieces, choice, measure(pieces, found, choice, KNOWN, wanted)


def column(name: str, html: bytes = HTML) -> list[float]:
    return [float(value) for value in measured(html=html)[2][:, NAMES.index(name)]]


def test_each_piece_has_a_value_in_each_column() -> None:
    pieces, _, rows = measured()
    assert rows.shape == (len(pieces), len(NAMES))
    assert np.isfinite(rows).all()


def test_the_rows_that_are_wanted_are_those_of_the_whole() -> None:
    everything = measured()[2]
    wanted = [1, 3, len(everything) - 1]
    assert (measured(wanted)[2] == everything[wanted]).all()


def test_a_piece_knows_what_it_is_and_where_it_stands() -> None:
    pieces, choice, _ = measured()
    assert column("heading") == [piece.type == "heading" for piece in pieces]
    assert column("chosen") == [index in choice.indexes for index in range(len(pieces))]
    assert column("linked")[-1] == 1.0
    assert column("furniture")[-1] > 0 == column("furniture")[1]
    assert column("within")[1] == 1.0 > column("within")[-1]
    assert column("since_headline")[:3] == [0.0, 1.0, 2.0]
    assert column("year")[[piece.text for piece in pieces].index("2025, et après ?")] == 1.0


def test_what_is_far_below_a_heading_is_as_far_below_as_the_foot_of_a_page() -> None:
    long = page(f"<main><h1>Le pont de bois rouvre</h1><article>{PROSE * 40}</article></main>")
    below = column("since_heading", long)
    assert below[1:3] == [1.0, 2.0]
    assert len(set(below[40:])) == 1


def test_a_text_that_stands_twice_is_seen() -> None:
    pieces, _, _ = measured()
    assert column("twice")[1] == 1.0
    assert column("twice")[0] == (1.0 if len(pieces[0].text) >= 30 else -1.0)


def test_a_piece_s_neighbours_are_in_its_row() -> None:
    own, after = column("length"), column("length+1")
    assert after[:-1] == own[1:]
    assert after[-1] == -1.0


def test_a_quotation_between_paragraphs_is_measured_as_they_are() -> None:
    quoted = "<blockquote><p>L’âne, lui, n’a pas attendu que le maire ait fini.</p></blockquote>"
    pieces = read_pieces(document(page(f"<article>{PROSE}{quoted}{PROSE}</article>")).root)
    found = survey(pieces)
    choice = choose_by_rules(pieces, found, KNOWN)
    assert choice is not None
    rows = measure(pieces, found, choice, KNOWN)
    quote = [piece.type for piece in pieces].index("quote")
    for name in ("mass_1", "prose_1", "alike", "alike_prose", "crowd"):
        assert rows[quote, NAMES.index(name)] == rows[quote - 1, NAMES.index(name)], name


def test_a_line_that_names_an_author_or_the_site_is_seen() -> None:
    lines = (
        "<p>Léonie Parme suit la vallée depuis dix ans.</p>"
        "<p>La Gazette du Gué vit de ses abonnés.</p>"
    )
    pieces = read_pieces(document(page(f"<article>{PROSE}{lines}</article>")).root)
    found = survey(pieces)
    choice = choose_by_rules(pieces, found, KNOWN)
    assert choice is not None
    rows = measure(pieces, found, choice, KNOWN)
    assert rows[:, NAMES.index("author")].tolist() == [0, 0, 0, 1, 0]
    assert rows[:, NAMES.index("site")].tolist() == [0, 0, 0, 0, 1]
