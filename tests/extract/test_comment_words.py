from __future__ import annotations

import pytest

from crawler.extract.comment_bylines import date_in, name_in
from crawler.extract.comment_words import is_button_line, is_comments_heading


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Ann says:", "Ann"),
        ("Ann a dit :", "Ann"),
        ("Ann schrieb am 3. Juni 2025 um 8:05:", "Ann"),
        ("Posted by: Ann | June 3, 2025 at 08:05 AM", "Ann"),
        ("#2 Kommentar von Ann", "Ann"),
        ("1. Le mardi 3 juin 2025, 08:05 par Ann", "Ann"),
        ("3 juin 2025, 08:05, par Ann Bo", "Ann Bo"),
        ("Ann, le mardi 3 juin 2025", "Ann"),
        ("max2000", "max2000"),
        ("Thomas (au gué)", "Thomas (au gué)"),
        ("12 commentaires", None),
        ("", None),
    ],
)
def test_a_name_is_taken_out_of_the_line_around_it(line: str, name: str | None) -> None:
    assert name_in(line) == name


@pytest.mark.parametrize(
    ("line", "language", "moment"),
    [
        ("le 3 juin 2025 à 08:05", "fr", "2025-06-03T08:05"),
        ("am 03.06.2025 um 8:05 Uhr", "de", "2025-06-03T08:05"),
        ("03/06/2025 08h05", "fr", "2025-06-03T08:05"),
        ("06/03/2025 at 8:05 pm", "en-US", "2025-06-03T20:05"),
        ("June 3, 2025 at 08:05 AM", "en", "2025-06-03T08:05"),
        ("2025-06-03 08:05:12Z, CC BY-SA", "en", "2025-06-03T08:05"),
        ("2025年6月3日 08:05", "ja", "2025-06-03T08:05"),
        ("3 juin 2025", "fr", "2025-06-03T00:00"),
        ("31/31/2025", "fr", None),
        ("il y a 3 jours", "fr", None),
    ],
)
def test_a_date_is_taken_out_of_the_line_around_it(
    line: str, language: str, moment: str | None
) -> None:
    found = date_in(line, language)
    assert (found.isoformat()[:16] if found else None) == moment


@pytest.mark.parametrize(
    "heading",
    ["Commentaires", "3 Kommentare", "Comments (5)", "Vos réactions", "2 Comments on “Le pont”",
     "Комментарии", "コメント", "Reacties", "Komentarze (12)", "Alle Kommentare zum Artikel"],
)  # fmt: skip
def test_a_heading_announces_comments(heading: str) -> None:
    assert is_comments_heading(heading)


@pytest.mark.parametrize(
    "line", ["Le préfet a fait un commentaire", "No comment was given by the mayor", "Le pont", ""]
)
def test_a_sentence_announces_nothing(line: str) -> None:
    assert not is_comments_heading(line)


def test_buttons_and_notices_are_told_from_words() -> None:
    for line in ("Répondre", "Reply · Report · 3", "Signaler un abus", "···",
                 "Your comment is awaiting moderation."):  # fmt: skip
        assert is_button_line(line)
    for line in ("Un.", "Oui, reply demain.", "Bravo !"):
        assert not is_button_line(line)
