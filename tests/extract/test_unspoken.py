from __future__ import annotations

import pytest

from tests.extract.pages import PROSE, TEXTS, body_of, story

DAYS = [*([""] * 2), *map(str, range(1, 31)), *([""] * 3)]


@pytest.mark.parametrize(
    "icon",
    [
        '<span class="icon notranslate">S</span>',
        '<i class="material-icons">chevron_right</i>',
        '<span class="material-symbols-outlined">turned_in</span>',
    ],
)
def test_what_draws_an_icon_is_no_word(icon: str) -> None:
    first, rest = PROSE.split("</p>", 1)
    assert body_of(story(f"{first}</p><h3>{icon}</h3><p>Et après ? {icon}</p>{rest}")) == [
        TEXTS[0], "Et après ?", *TEXTS[1:],
    ]  # fmt: skip


def test_a_word_beside_an_icon_stays() -> None:
    html = PROSE.replace("un facteur", '<span class="icon icon-mail">un facteur</span>')
    assert body_of(story(html)) == TEXTS


def test_empty_elements_named_as_line_breaks_break_lines() -> None:
    ends = '<span class="x-r br" data-pos="1"></span>'
    told = (ends * 2).join(f"<span>{text}</span>" for text in TEXTS)
    assert body_of(story(f"<div>{told}</div>")) == TEXTS


@pytest.mark.parametrize("cell", ["{}", "<div>{}</div>"])
def test_the_days_of_a_month_are_no_table(cell: str) -> None:
    weeks = "".join(
        f"<tr>{''.join(f'<td>{cell.format(day)}</td>' for day in DAYS[n : n + 7])}</tr>"
        for n in range(0, 35, 7)
    )
    head = "<tr><th>L</th><th>M</th><th>M</th><th>J</th><th>V</th><th>S</th><th>D</th></tr>"
    assert body_of(story(f"{PROSE}<table>{head}{weeks}</table>")) == TEXTS


def test_a_table_of_numbers_stays() -> None:
    rows = "".join(f"<tr><td>Gué {n}</td><td>{n * 3}</td><td>{n * 2}</td></tr>" for n in range(6))
    told = body_of(story(f"{PROSE}<table>{rows}</table><p>Le bac fait mieux, dit le maire.</p>"))
    assert any("Gué 3 | 9 | 6" in line for line in told)
