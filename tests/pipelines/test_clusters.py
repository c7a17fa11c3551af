from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from pipelines.bands import BANDS, band_keys
from pipelines.clusters import NEIGHBOURS, Membership, memberships
from pipelines.minhash import content_hash
from pipelines.resemblance import Fingerprints, fingerprint
from tests.pipelines.test_resemblance import SENTENCES, STORY, text

WHOLE, OTHER = text(STORY), text(SENTENCES[100:125])
NEAR = text(["Rives, 3 mars."], STORY)
CUT, SHORTER = text(STORY[:12]), text(STORY[:5])
DAY = datetime(2026, 11, 23, tzinfo=UTC)


def clustered(
    texts: list[str], dates: list[datetime | None] | None = None, compared: bool = True
) -> list[Membership]:
    return memberships(
        Fingerprints.of([fingerprint(one) for one in texts]),
        [content_hash(one) for one in texts],
        dates or [None] * len(texts),
        [compared] * len(texts),
    )


def test_every_story_is_kept_once_and_its_copies_say_how_close_they_are() -> None:
    found = clustered([WHOLE, OTHER, NEAR, WHOLE.upper(), CUT])
    assert [member.cluster for member in found] == [0, 1, 0, 0, 0]
    assert [member.kind for member in found] == [None, None, "near", "exact", "contained"]
    assert [member.similarity for member in found[:2]] == [None, None]
    assert found[3].similarity == 1.0
    assert 0.9 < (found[2].similarity or 0) <= 1
    assert 0.35 < (found[4].similarity or 0) < 0.6


def test_the_first_is_kept_or_the_earliest_where_dates_are_known() -> None:
    assert [member.cluster for member in clustered([NEAR, WHOLE])] == [0, 0]
    assert [m.cluster for m in clustered([NEAR, WHOLE, WHOLE], [None, DAY, DAY])] == [1, 1, 1]
    later = [DAY, DAY - timedelta(days=1)]
    assert [member.cluster for member in clustered([NEAR, WHOLE], list(later))] == [1, 1]


def test_a_cut_is_not_kept_where_the_whole_is_there() -> None:
    found = clustered([SHORTER, CUT, WHOLE, NEAR], [DAY, DAY, DAY + timedelta(days=1), None])
    assert [member.cluster for member in found] == [2, 2, 2, 2]


def test_cuts_that_share_nothing_meet_in_the_whole_in_whatever_order_they_come() -> None:
    first, last = text(STORY[:11]), text(STORY[14:])
    assert {member.cluster for member in clustered([first, last])} == {0, 1}
    for order in ([first, last, WHOLE], [WHOLE, last, first], [last, WHOLE, first]):
        assert {order[member.cluster] for member in clustered(order)} == {WHOLE}


def test_what_is_not_compared_is_a_story_of_its_own() -> None:
    found = clustered([WHOLE, WHOLE], compared=False)
    assert found == [Membership(0), Membership(1)]


def test_nothing_gives_nothing() -> None:
    assert clustered([]) == []


def test_copies_are_found_among_many_that_share_a_long_legal_note() -> None:
    chance = random.Random(3)
    note = SENTENCES[:9]
    articles = [text([*chance.choices(SENTENCES[20:], k=16), *note]) for _ in range(NEIGHBOURS * 4)]
    copies = [f"Rives, 3 mars. {article}" for article in articles]
    found = clustered([*articles, *copies])
    assert [member.cluster for member in found] == list(range(len(articles))) * 2


@pytest.mark.parametrize(("similarity", "least"), [(0.3, 0.97), (0.27, 0.94)])
def test_two_texts_meet_in_a_band_as_often_as_the_arithmetic_says(
    similarity: float, least: float
) -> None:
    chance = np.random.default_rng(9)
    one = chance.integers(0, 2**32, (2000, 128), dtype=np.uint32)
    other = chance.integers(0, 2**32, (2000, 128), dtype=np.uint32)
    equal = chance.random((2000, 128)) < similarity
    keys = band_keys(one), band_keys(np.where(equal, one, other))
    met = (keys[0] == keys[1]).any(axis=1)
    assert met.mean() >= least
    assert keys[0].shape == (2000, BANDS)
    assert not (band_keys(one) == band_keys(other)).any()
