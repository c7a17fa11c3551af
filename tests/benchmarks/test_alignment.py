from __future__ import annotations

from tests.benchmarks.alignment import align
from tests.extract.pages import TEXTS

BODY = "\n\n".join((TEXTS[0], "Et après ?", *TEXTS[1:]))


def test_the_pieces_of_a_body_are_found_and_others_are_not() -> None:
    texts = ["Accueil", TEXTS[0], "Et après ?", TEXTS[1], "Une ligne de bas de page, sans rapport."]
    assert align(texts, BODY) == [0.0, 1.0, 1.0, 1.0, 0.0]


def test_a_copy_out_of_order_is_no_part_of_the_body() -> None:
    assert align([*TEXTS, TEXTS[0]], BODY) == [1.0] * len(TEXTS) + [0.0]


def test_a_short_line_counts_only_at_its_place() -> None:
    assert align(["Et après ?", *TEXTS, "Et après ?"], "\n".join((*TEXTS, "Et après ?"))) == [
        0.0, *[1.0] * len(TEXTS), 1.0,
    ]  # fmt: skip


def test_a_page_without_its_body_has_no_label() -> None:
    assert align(["Accueil", "Contact et mentions légales du journal"], BODY) == [0.0, 0.0]
