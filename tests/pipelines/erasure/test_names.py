from __future__ import annotations

import pytest

from pipelines.erasure.names import Mention, fold, name_key

SPELLINGS = (
    "Jeanne Martin-Roy",
    "jeanne martin-roy",
    " Jeanne\u00a0 MARTIN ROY\n",
    "Martin-Roy, Jeanne",
    "Ｊeanne Martin\u2011Roy",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_name_is_one_name_however_it_is_typed(spelling: str) -> None:
    assert name_key(spelling) == name_key("Jeanne Martin-Roy")


@pytest.mark.parametrize("other", ["Jeanne Martin", "Jean Martin-Roy", "Jeanne Martin-Roy Jr", ""])
def test_another_name_is_another(other: str) -> None:
    assert name_key(other) != name_key("Jeanne Martin-Roy")


@pytest.mark.parametrize(
    "text",
    [
        "Von Jeanne Martin, Paris",
        "MARTIN, Jeanne (dpa)",
        "https://journal.example/auteur/jeanne-martin/",
        "?author=Jeanne%20Martin&page=2",
        "jeanne_martin",
    ],
)
def test_a_name_is_found_where_it_is_written(text: str) -> None:
    assert Mention("Jeanne Martin").is_in(fold(text))


@pytest.mark.parametrize("text", ["Jeanne Martinez", "Marie-Jeanne, Martine", "Jeanne et Martin"])
def test_what_only_resembles_a_name_is_no_mention(text: str) -> None:
    assert not Mention("Jeanne Martin").is_in(fold(text))


def test_a_name_of_many_parts_is_found_turned_around() -> None:
    name = Mention("Maria del Carmen Ruiz Soto")
    assert name.is_in(fold("Soto, Maria del Carmen Ruiz"))
    assert name.is_in(fold("MARIA DEL CARMEN RUIZ SOTO"))
