from __future__ import annotations

import pytest

from crawler.items import Block
from pipelines.agency import AGENCIES, AgencyPipeline, credited_agency
from tests.pipelines.newsroom import story

BODY = "Le pont de bois a rouvert samedi, dix ans après la crue qui l’avait emporté."


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ("AFP", "AFP"),
        ("Le Monde avec AFP", "AFP"),
        ("Agence France-Presse", "AFP"),
        ("Reuters Staff", "Reuters"),
        ("Ada Rive, Associated Press", "AP"),
        ("The Associated Press", "AP"),
        ("ks/dpa", "dpa"),
        ("dpa/AFP", "dpa"),
        ("Gazette mit dpa", "dpa"),
        ("Ada Rive | REUTERS", "Reuters"),
        ("Redazione ANSA", None),
        ("Ap", None),
        ("Ada Lusa", None),
        ("Reuters Institute", None),
    ],
)
def test_a_byline_that_names_an_agency_credits_it(author: str, agency: str | None) -> None:
    assert credited_agency(["Bo Quai", author], [BODY]) == agency


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("RIVES (AFP) – Le pont a rouvert.", "AFP"),
        ("LONDON, March 3 (Reuters) - The bridge is open.", "Reuters"),
        ("MILLHAVEN, England (AP) — The bridge is open.", "AP"),
        ("Berlin (dpa/lsw) - Die Brücke ist offen.", "dpa"),
        ("Madrid, 3 mar (EFE).- El puente abre.", "EFE"),
        ("(ANSA) - ROMA, 3 MAR - Il ponte riapre.", "ANSA"),
        ("BERLIN, dpa – Die Brücke ist offen.", "dpa"),
        ("Rives, le 1er mars 2026 (AFP) - Le pont a rouvert.", "AFP"),
        ("Le patron de l’agence (Reuters) - un homme discret - démissionne.", None),
        ("The bridge, says the news agency (AP), is open.", None),
        ("Reuters said on Monday that it would close its office.", None),
        ("Reuters - the agency - is sold.", None),
        ("Le maire a parlé. À l’agence (AFP) - il y tient - il a tout dit.", None),
    ],
)
def test_a_dateline_credits_an_agency(opening: str, agency: str | None) -> None:
    assert credited_agency([], ["Un chapô.", opening, BODY, BODY, BODY, BODY]) == agency


@pytest.mark.parametrize(
    ("ending", "agency"),
    [
        (f"{BODY} (AFP)", "AFP"),
        (f"{BODY} (avec AFP)", "AFP"),
        (f"{BODY} (La Gazette avec l’AFP).", "AFP"),
        (f"{BODY} (dpa/lsw)", "dpa"),
        (f"{BODY} (Quelle: dpa)", "dpa"),
        (f"{BODY} [Reuters]", "Reuters"),
        ("— Reuters", "Reuters"),
        ("La Gazette avec AFP", "AFP"),
        ("Source : AFP", "AFP"),
        ("AFP et Reuters", "AFP"),
        ("ks/dpa", "dpa"),
        ("© 2026 AFP", "AFP"),
        ("© Agence France-Presse", "AFP"),
        ("The Associated Press contributed to this report.", "AP"),
        ("Reuters and Bo Quai contributed reporting to this story.", "Reuters"),
        ("With files from The Canadian Press", "The Canadian Press"),
        ("Dieser Text wurde mit Material der dpa erstellt.", "dpa"),
        ("Avec des informations de l’AFP.", "AFP"),
        ("Le maire l’a dit à l’AFP.", None),
        ("« Nous y tenons », a-t-il dit dans un entretien avec AFP.", None),
        ("Il s’est entretenu avec Reuters", None),
        ("Entretien avec Reuters", None),
        ("Interview with Reuters", None),
        ("Photo: AFP", None),
        ("Foto: dpa", None),
        ("© AFP", None),
        (f"{BODY} (Photo by AFP)", None),
        ("Reuters is a news agency.", None),
        ("Der Verband der dpa-Kunden tagt.", None),
        ("The deal was first told by Reuters.", None),
        ("Scranton (PA)", None),
    ],
)
def test_a_credit_at_the_end_is_told_from_a_mention(ending: str, agency: str | None) -> None:
    for behind in ([], ["Plus d’informations suivront."]):
        assert credited_agency([], [BODY, BODY, ending, *behind]) == agency


def test_what_stands_in_the_middle_credits_nobody() -> None:
    middle = [f"{BODY} (AFP)", "— Reuters", "RIVES (AFP) – Le pont a rouvert."]
    assert credited_agency([], [BODY] * 4 + middle + [BODY] * 4) is None
    assert credited_agency([], []) is None


def test_no_name_stands_for_two_agencies() -> None:
    names = [name for agency, others in AGENCIES.items() for name in (agency, *others)]
    assert len(names) == len(set(names))


def test_the_stage_reads_paragraphs_and_leaves_the_rest_alone() -> None:
    stage = AgencyPipeline()
    blocks = (
        Block("paragraph", BODY), Block("heading", "— Reuters", 2), Block("list_item", "AFP", 1),
    )  # fmt: skip
    assert stage.process_item(story("a", BODY, blocks=blocks)).agency is None
    assert stage.process_item(story("a", f"{BODY}\n\n(AFP)")).agency == "AFP"
    assert stage.process_item(story("a", authors=("dpa",), blocks=blocks)).agency == "dpa"
