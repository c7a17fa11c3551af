from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article, Block
from pipelines.blocks import clean, units_of

NEWS = Block("paragraph", "The bridge was opened at noon by a hundred cyclists.")
MORE = Block("paragraph", "It had been closed for ten years.")
CALL = Block("paragraph", "Our letter comes on Fridays and costs nothing.")
LIST = (Block("list_item", "Two onions", 1), Block("list_item", "Salt and pepper", 1))


def heading(text: str) -> Block:
    return Block("heading", text, 2)


def article(*blocks: Block, description: str | None = None) -> Article:
    body = "\n\n".join(block.text for block in blocks if block.type not in ("caption", "embed"))
    return Article(
        url="https://a.example/1",
        headline="H",
        article_body=body,
        blocks=blocks,
        description=description,
    )


def keys(*blocks: Block) -> set[int]:
    return {unit.key for unit in units_of(article(*blocks))}


def left(told: Article, *furniture: Block) -> tuple[Block, ...]:
    """The blocks that are left when a site's furniture is what these blocks are by themselves."""
    cleaned = clean(told, keys(*furniture))
    assert cleaned.article_body == article(*cleaned.blocks).article_body
    return cleaned.blocks


def test_furniture_goes_out_of_blocks_and_body_wherever_it_stands() -> None:
    for place in range(3):
        blocks = [NEWS, MORE]
        blocks.insert(place, CALL)
        assert left(article(*blocks), CALL) == (NEWS, MORE)


def test_an_article_without_furniture_is_the_same_object() -> None:
    told = article(NEWS, MORE)
    assert clean(told, keys(CALL)) is told
    assert clean(told, set()) is told


def test_the_same_words_in_other_type_and_case_are_the_same_block() -> None:
    typed = Block("quote", "\u201cOUR LETTER comes, on Fridays \u2013 and costs nothing!\u201d")
    assert left(article(NEWS, typed), CALL) == (NEWS,)


def test_another_number_makes_no_other_block_of_a_sentence_but_of_a_line_of_data() -> None:
    call = "Already {} households have the paper in the letterbox."
    data = "Final score: {}"
    for told, is_same in ((call, True), (data, False)):
        one, other = (Block("paragraph", told.format(number)) for number in ("1,234", "2.345.678"))
        assert (left(article(NEWS, one), other) == (NEWS,)) is is_same


def test_a_line_whose_number_changes_says_so_by_its_wording() -> None:
    one, other = units_of(article(*(Block("paragraph", f"{n} " + "word " * 8) for n in (3, 4))))
    assert one.key == other.key
    assert one.wording != other.wording


@pytest.mark.parametrize(
    "label",
    [
        heading("What goes into the pot"),
        Block("paragraph", "Ingredients"),
        Block("paragraph", "Pour 4 personnes"),
        Block("paragraph", "For four hungry readers you need:"),
        Block("paragraph", "Which book would you give to a friend?"),
    ],
    ids=lambda label: label.text,
)
def test_what_introduces_goes_only_with_what_it_introduces(label: Block) -> None:
    assert left(article(NEWS, label, MORE), label, NEWS) == (label, MORE)
    assert left(article(NEWS, label, CALL, MORE), label, CALL) == (NEWS, MORE)
    assert left(article(NEWS, MORE, label), label) == (NEWS, MORE)


def test_a_list_is_taken_out_whole_or_not_at_all() -> None:
    other = Block("list_item", "A pound of leeks", 1)
    assert left(article(NEWS, *LIST), *LIST) == (NEWS,)
    assert left(article(NEWS, *LIST, other), *LIST) == (NEWS, *LIST, other)
    assert left(article(NEWS, LIST[0]), *LIST) == (NEWS, LIST[0])


def test_captions_and_posts_stay_and_part_nothing() -> None:
    caption = Block("caption", CALL.text)
    post = Block("embed", "https://x.example/1")
    told = article(NEWS, LIST[0], caption, LIST[1], post)
    assert left(told, CALL, *LIST) == (NEWS, caption, post)


def test_what_says_nothing_in_words_is_no_block() -> None:
    stars = Block("paragraph", "* * *")
    assert units_of(article(stars)) == []
    assert left(article(NEWS, stars), CALL) == (NEWS, stars)


def test_an_article_of_nothing_but_furniture_stays_whole() -> None:
    told = article(heading("Opened"), CALL)
    assert clean(told, keys(CALL)) is told


def test_a_description_that_all_pages_have_is_none() -> None:
    told = article(NEWS, description=CALL.text)
    assert clean(told, keys(CALL)).description is None
    assert clean(told, keys(MORE)).description == CALL.text
    assert len(units_of(told)) == 2


def test_a_body_that_came_without_blocks_or_with_others_is_cleaned_by_paragraphs() -> None:
    body = f"{NEWS.text}\n\n{CALL.text}\n\n{MORE.text}"
    for blocks in ((), (NEWS, CALL)):
        cleaned = clean(
            Article(url="https://a.example/1", headline="H", article_body=body, blocks=blocks),
            keys(CALL),
        )
        assert cleaned.article_body == f"{NEWS.text}\n\n{MORE.text}"
        assert CALL not in cleaned.blocks


blocks = st.lists(
    st.builds(
        Block,
        st.sampled_from(["heading", "paragraph", "quote", "list_item", "caption", "table"]),
        st.sampled_from(["One", "Two words", "A longer line with 3 numbers in it, 4 or 5.", "…"]),
    ),
    min_size=1,
    max_size=8,
).map(tuple)


@given(blocks, blocks)
def test_cleaning_only_takes_out_keeps_the_order_and_never_empties(
    told: tuple[Block, ...], furniture: tuple[Block, ...]
) -> None:
    known = keys(*furniture)
    cleaned = left(article(*told), *furniture)
    remaining = iter(told)
    assert all(block in remaining for block in cleaned)  # a subsequence
    if len(cleaned) < len(told):
        assert any(
            not unit.introduces and unit.key not in known for unit in units_of(article(*told))
        )
        assert cleaned


@given(blocks)
def test_units_are_apart_in_order_and_cover_every_word_of_the_body(
    told: tuple[Block, ...],
) -> None:
    found = units_of(article(*told))
    assert all(one.start < one.end for one in found)
    assert [unit.start for unit in found] == sorted(unit.start for unit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    covered = {index for unit in found for index in range(unit.start, unit.end)}
    for index, block in enumerate(told):
        if block.type != "caption" and block.text != "…" and block.type != "list_item":
            assert index in covered
