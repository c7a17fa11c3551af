from __future__ import annotations

import pytest

from pipelines import known as module
from pipelines.known import Known, known, recorded, tell


@pytest.fixture
def asked() -> tuple[list[str], Known[[str], int]]:
    """A function that counts letters, and what it was really asked."""
    questions: list[str] = []

    @known(lambda text: text)
    def letters(text: str) -> int:
        questions.append(text)
        return len(text)

    return questions, letters


def test_what_was_answered_elsewhere_is_not_worked_out_again(
    asked: tuple[list[str], Known[[str], int]],
) -> None:
    questions, letters = asked
    with recorded() as answers:
        assert letters("pont") == 4
    assert questions == ["pont"]
    tell(answers)
    assert letters("pont") == 4
    assert questions == ["pont"]


def test_another_question_is_answered_as_ever(asked: tuple[list[str], Known[[str], int]]) -> None:
    questions, letters = asked
    letters.tell("pont", 4)
    assert letters("ponts") == 5
    assert questions == ["ponts"]


def test_an_answer_is_given_out_once(asked: tuple[list[str], Known[[str], int]]) -> None:
    questions, letters = asked
    letters.tell("pont", 4)
    assert [letters("pont"), letters("pont")] == [4, 4]
    assert questions == ["pont"]


def test_what_is_never_asked_makes_room(
    asked: tuple[list[str], Known[[str], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KEPT", 2)
    questions, letters = asked
    for text in ("a", "bb", "ccc"):
        letters.tell(text, len(text))
    assert [letters("ccc"), letters("bb"), letters("a")] == [3, 2, 1]
    assert questions == ["a"]


def test_answers_of_a_function_that_is_not_loaded_do_no_harm() -> None:
    tell([("pipelines.of_tomorrow:measured", "pont", 4)])


def test_nothing_is_recorded_once_it_is_over(asked: tuple[list[str], Known[[str], int]]) -> None:
    _, letters = asked
    with recorded() as answers:
        pass
    letters("pont")
    assert answers == []
