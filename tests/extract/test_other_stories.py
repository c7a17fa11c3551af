"""What a page shows of other stories, and of itself, around the one it tells."""

from __future__ import annotations

import pytest

from crawler.extract.survey import MAX_UNENDED
from tests.extract.pages import PROSE, TEXTS, body_of, page, story


@pytest.mark.parametrize(
    "line",
    [
        '<p>AU GUÉ: <a href="/gue">Le maire rouvre vendredi après la crue</a></p>',
        '<ul><li><a href="/gue">Le gué rouvre</a> 2025-06-02</li><li>2025-06-02 07:45</li></ul>',
        '<p>Le gué rouvre vendredi, dit le maire. <a href="/gue">Lire la suite »</a></p>',
        "<p>声明：本报内容仅供参考，不构成投资建议。</p>",
        "<p>木桥日报网版权说明：凡注明来源为木桥日报网的，未经允许禁止转载，违者必究。</p>",
        "<p>相关推荐</p>",
    ],
)
def test_a_line_of_another_story_or_of_the_publisher_is_left_out(line: str) -> None:
    first, rest = PROSE.split("</p>", 1)
    assert body_of(story(f"{first}</p>{line}{rest}")) == TEXTS
    assert body_of(story(PROSE + line)) == TEXTS


@pytest.mark.parametrize(
    "line",
    [
        "<p>声明：驴子没有过桥，村长昨天在广场上对众人这样说，并请大家不要再问他这件事了。</p>",
        '<p>Le détail est dans <a href="/rapport">le rapport du garde champêtre</a>.</p>',
    ],
)
def test_a_sentence_that_is_like_one_stays(line: str) -> None:
    first, rest = PROSE.split("</p>", 1)
    assert len(body_of(story(f"{first}</p>{line}{rest}"))) == len(TEXTS) + 1


def test_titles_of_other_stories_after_a_label_are_no_story() -> None:
    others = "".join(
        f'<h4><a href="/{n}">Le bac n° {n} s’arrête, que dit la mairie\u202f?</a></h4><p>Amont</p>'
        for n in range(3)
    )
    assert body_of(story(f"{PROSE}<h3>À découvrir</h3>{others}")) == TEXTS


def test_words_heaped_up_for_search_engines_are_not_prose() -> None:
    heap = " ".join(f"pont bois âne gué{n}" for n in range(4_000))
    hidden = f'<div style="display:none">{heap}</div>'
    html = page(f"<h1>Le pont de bois rouvre après dix ans</h1><div>{PROSE}</div>{hidden}")
    assert body_of(html) == TEXTS


def test_a_long_text_in_a_script_without_full_stops_is_prose() -> None:
    told = " ".join(f"สะพานไม้เปิดอีกครั้งหลังน้ำท่วม ครั้งที่ {n} ลาข้ามก่อนใคร" for n in range(120))
    assert len(told) > MAX_UNENDED
    assert body_of(story(f"<div>{told}</div>")) == [told]


def teasers(count: int, text: str = "Le passeur ne dit pas pourquoi, ses rames non plus.") -> str:
    return "".join(
        f'<h5><a href="/{n}">Le bac numéro {n} reste à quai</a></h5><p>{text} C’est le {n}.</p>'
        for n in range(count)
    )


def test_a_list_of_other_stories_with_some_words_on_each_ends_the_story() -> None:
    longer = PROSE + PROSE.replace(".", ", dit-on au bac.").replace(":", ", dit-on :")
    told = body_of(story(f"<div>{longer}{teasers(4)}</div>"))
    assert told == body_of(story(f"<div>{longer}</div>"))


def test_a_list_of_linked_titles_that_is_the_story_stays() -> None:
    told = body_of(story(f"<div><p>{TEXTS[0]}</p>{teasers(4, TEXTS[1])}</div>"))
    assert sum(TEXTS[1] in text for text in told) == 4


@pytest.mark.parametrize(
    "line",
    [
        "<h5>3 juin 2025 à 8:05 (mis à jour : 9:15)</h5>",
        "<p>Par MAËLLE KERVADEC, LUC BONNET Envoyés spéciaux au gué du moulin</p>",
        "<p>Von Luc Bonnet</p>",
    ],
)
def test_dates_and_names_above_the_first_paragraph_are_left_out(line: str) -> None:
    lede = "<h2>Dix ans après la crue, les ânes passent de nouveau à pied sec</h2>"
    assert body_of(story(lede + line + PROSE))[1:] == TEXTS


def test_a_date_that_heads_a_part_of_the_story_stays() -> None:
    first, rest = PROSE.split("</p>", 1)
    assert "3 juin 2025" in body_of(story(f"{first}</p><h3>3 juin 2025</h3>{rest}"))
