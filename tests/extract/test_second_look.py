"""What the trees may change of the rules' choice, told by trees that always answer the same."""

from __future__ import annotations

import numpy as np
import pytest

from crawler.extract import body as reading
from crawler.extract.forest import Forest
from crawler.extract.traits import NAMES
from tests.extract.pages import ASIDE, PROSE, TEXTS, body_of, story


def test_a_second_look_that_leaves_next_to_nothing_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leaves = np.full((1, 2), -99, dtype=np.float32)
    denier = Forest(np.zeros((1, 1), dtype=np.int16), np.zeros((1, 1), np.float32), leaves, 0.0)
    monkeypatch.setattr(reading, "load_forest", lambda name: denier)
    assert body_of(story()) == TEXTS


def test_a_doubtful_sentence_stays_between_two_that_are_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    length, border = NAMES.index("length"), np.log1p(len(ASIDE) + 5)
    doubts_the_short = Forest(
        np.full((1, 1), length, dtype=np.int16),
        np.full((1, 1), border, dtype=np.float32),
        np.array([[-0.5, 5.0]], dtype=np.float32),
        0.0,
    )
    monkeypatch.setattr(reading, "load_forest", lambda name: doubts_the_short)
    first, rest = PROSE.split("</p>", 1)
    amid = body_of(story(f"{first}</p>{ASIDE}{rest}{ASIDE.replace('matin', 'soir')}"))
    assert amid == [TEXTS[0], ASIDE[3:-4], *TEXTS[1:]]
    boxed = body_of(story(f"{first}</p><div>{ASIDE}</div>{rest}"))
    assert boxed == TEXTS


def test_a_second_look_adds_no_teasers_of_other_stories_however_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leaves = np.full((1, 2), 5.0, dtype=np.float32)
    believer = Forest(np.zeros((1, 1), dtype=np.int16), np.zeros((1, 1), np.float32), leaves, 0.0)
    monkeypatch.setattr(reading, "load_forest", lambda name: believer)
    teasers = (
        '<ul class="breaking-news"><li><a href="/gue">Le gué rouvre vendredi</a> Après un mois de '
        "pluie, les bêtes peuvent de nouveau traverser la rivière à pied sec.</li></ul>"
    )
    added = f'<div class="breaking-news">{ASIDE}</div>'
    assert body_of(story(PROSE + teasers + added)) == [*TEXTS, ASIDE[3:-4]]


@pytest.mark.parametrize(("after", "is_kept"), [(PROSE, True), ("", False)])
def test_a_doubtful_quotation_stays_where_the_story_goes_on_around_it(
    monkeypatch: pytest.MonkeyPatch, after: str, is_kept: bool
) -> None:
    leaves = np.array([[5.0, -0.85]], dtype=np.float32)
    column = np.full((1, 1), NAMES.index("quote"), dtype=np.int16)
    doubter = Forest(column, np.full((1, 1), 0.5, np.float32), leaves, 0.0)
    monkeypatch.setattr(reading, "load_forest", lambda name: doubter)
    said = "Je le répète à qui veut l’entendre : ce pont tiendra plus longtemps que nous tous"
    quotation = f'<blockquote><p>{said}</p><cite><a href="/maire">Le maire</a></cite></blockquote>'
    html = story(f"<div>{ASIDE}{quotation}{after}</div>")
    assert any(said in text for text in body_of(html)) == is_kept
