from __future__ import annotations

import pytest

from crawler.extract.names import clean_names


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Par Maëlle Kervadec", ("Maëlle Kervadec",)),
        ("By Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Von Jörg Maier, Redakteur", ("Jörg Maier",)),
        ("Gepostet von Jörg Maier", ("Jörg Maier",)),
        ("Article par Maëlle Kervadec", ("Maëlle Kervadec",)),
        ("Ann Lee (Brest)", ("Ann Lee",)),
        ("https://a.example/ann", ()),
        ("ann@a.example", ()),
        ("admin", ()),
        ("Ann Lee, 3 June 2025", ("Ann Lee",)),
        ("La rédaction", ("La rédaction",)),
        ("Ann Lee; ann lee", ("Ann Lee",)),
        ("Written by Ann Lee, RN, BSN", ("Ann Lee",)),
        ("Authors: Ann Lee and Bo Ek, Harbour Reporter", ("Ann Lee", "Bo Ek")),
        ("Ein Gastbeitrag von Jörg Maier", ("Jörg Maier",)),
        ("김하늘 기자", ("김하늘",)),
        ("Ann Lee\n7 min read", ("Ann Lee",)),
        ("Sponsored", ()),
        ("Ann Lee, Thursday, February 8, 2024", ("Ann Lee",)),
        ("February 8", ()),
        ("Donnerstag", ()),
        ("Ann Lee - The Harbour Desk", ("Ann Lee",)),
        ("Von Hafen-Redakteurin Jörg Maier", ("Jörg Maier",)),
        ("Reporter Ann Lee", ("Ann Lee",)),
        ("ks/dpa; mfr", ("ks/dpa", "mfr")),
        ("Ann Lee/dpa", ("Ann Lee", "dpa")),
        ("Staff and wire services", ("Staff and wire services",)),
        ("Kanal 24", ("Kanal 24",)),
        ("12", ()),
        ("By Ann Lee, Bo Day, and Cy Hall", ("Ann Lee", "Bo Day", "Cy Hall")),
        ("Par Ann Lee (avec Bo Ek et Cy Hall)", ("Ann Lee", "Bo Ek", "Cy Hall")),
        ("Par ANN LEE, BO EK Envoyés spéciaux à Brest", ("ANN LEE", "BO EK")),
        ("Richard (R.J.) Ek", ("Richard (R.J.) Ek",)),
        ("Lee & Co. KG", ("Lee & Co. KG",)),
        ("from", ()),
        ("Suivre", ()),
        ("关注", ()),
        ("로그인", ()),
        ("发布于 2025-06-03 07:19", ()),
        ("体育桥\n发布时间：25-06-03", ("体育桥",)),
        ("作者：李明 责任编辑：王芳", ("李明",)),
        ("作者：未知 责任编辑：王芳", ("王芳",)),
        ("来源：木桥日报", ()),
        ("文/李明", ("李明",)),
        ("木桥报记者 李明 王小芳", ("李明", "王小芳")),
        ("李明\n木桥大学研究院院长", ("李明",)),
        ("김하늘 나무 칼럼니스트", ("김하늘",)),
        ("김하늘 선임기자", ("김하늘",)),
        ("Автор: Анна Ли", ("Анна Ли",)),
        ("name, ann@a.example", ()),
        ("Gesponserte Inhalte", ()),
        ("Ann Lee\nAlle Artikel", ("Ann Lee",)),
        ("About the Author", ()),
        ("More About Ann Lee", ("Ann Lee",)),
    ],
)
def test_names_are_taken_out_of_bylines(byline: str, expected: tuple[str, ...]) -> None:
    assert clean_names([byline]) == expected


def test_the_publisher_beside_a_person_is_no_author() -> None:
    assert clean_names(["Ann Lee, La Gazette"], "La Gazette") == ("Ann Lee",)
    assert clean_names(["La Gazette"], "La Gazette") == ("La Gazette",)


def test_a_desk_that_signs_with_an_agency_is_one_credit_as_it_stands() -> None:
    assert clean_names(["La Gazette et AFP"], "La Gazette") == ("La Gazette et AFP",)
    assert clean_names(["La Gazette et Ann Lee"], "La Gazette") == ("Ann Lee",)
