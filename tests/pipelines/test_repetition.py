from __future__ import annotations

import random

import pytest

from pipelines.repetition import ngram_shares, repeated


def top(text: str) -> list[float]:
    return [round(share, 4) for share in ngram_shares(text.split())[0]]


def duplicates(text: str) -> list[float]:
    return [round(share, 4) for share in ngram_shares(text.split())[1]]


def test_the_share_of_the_most_frequent_ngrams_is_that_of_all_their_characters() -> None:
    # 24 characters; "aaa bb" twice is 10, "aaa bb c" twice is 12, no four words stand twice.
    assert top("aaa bb c ddddd aaa bb c eeeeeee") == [
        round(10 / 24, 4), round(12 / 24, 4), 0.0
    ]  # fmt: skip


def test_of_two_as_frequent_the_longer_counts_and_one_that_stands_once_does_not() -> None:
    assert top("a b x cccc dddd y a b z cccc dddd") == [round(16 / 23, 4), 0.0, 0.0]
    assert top("a b c d e f") == [0.0, 0.0, 0.0]


def test_a_word_said_over_and_over_is_all_of_the_text() -> None:
    assert top("la " * 10) == [1.0, 1.0, 1.0]
    # Ten times: the first five words are the first time, the other five repeat them.
    assert duplicates("la " * 10)[0] == 0.9


def test_the_second_time_of_five_words_counts_and_the_first_does_not() -> None:
    first, second = "one two three four five", "six seven"
    text = f"{first} {second} {first}"
    chars = len(text.replace(" ", ""))
    assert duplicates(text) == [round(19 / chars, 4), 0.0, 0.0, 0.0, 0.0, 0.0]


def test_overlapping_duplicates_count_a_word_once() -> None:
    said = "one two three four five six seven"  # 7 words: three 5-grams, two 6-grams, one 7-gram
    text = f"{said} {said}"
    assert duplicates(text) == [0.5, 0.5, 0.5, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("text", ["", "word", "two words"])
def test_a_text_too_short_to_repeat_itself_does_not(text: str) -> None:
    assert ngram_shares(text.split()) == ([0.0] * 3, [0.0] * 6)


def test_shares_are_those_of_counting_by_hand_on_texts_of_any_repetition() -> None:
    dice = random.Random(7)
    for vocabulary in (2, 3, 6, 20, 200):
        words = [f"w{dice.randrange(vocabulary)}" for _ in range(120)]
        expected = []
        for n in range(5, 11):
            seen: set[tuple[str, ...]] = set()
            covered: set[int] = set()
            for i in range(len(words) - n + 1):
                gram = tuple(words[i : i + n])
                if gram in seen:
                    covered.update(range(i, i + n))
                seen.add(gram)
            expected.append(sum(len(words[i]) for i in covered) / sum(map(len, words)))
        assert ngram_shares(words)[1] == pytest.approx(expected)


def test_pieces_that_stood_before_are_counted_with_their_characters() -> None:
    assert repeated(["aa", "b", "aa", "aa"]) == (0.5, 4 / 7)
    assert repeated([]) == (0.0, 0.0)
