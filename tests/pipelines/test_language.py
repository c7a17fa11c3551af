from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.utils.test import get_crawler

from crawler.items import Article
from pipelines.language import UNDETERMINED, LanguagePipeline, detect, language_tag

FRENCH = (
    "Le pont ferme lundi pour six mois. La mairie promet une navette gratuite, mais les "
    "commerçants du quai demandent davantage et craignent un été sans clients."
)
ENGLISH = (
    "The bridge closes on Monday for six months. The town hall promises a free shuttle, but the "
    "shopkeepers along the quay want more and fear a summer without customers."
)
TEXTS = {
    "fr": FRENCH,
    "en": ENGLISH,
    "de": "Die Brücke wird am Montag für sechs Monate gesperrt, sagte die Bürgermeisterin gestern.",
    "es": "El puente cierra el lunes durante seis meses, anunció ayer la alcaldesa de la ciudad.",
    "it": "Il ponte chiude lunedì per sei mesi, ha annunciato ieri la sindaca della città.",
    "ar": "سيغلق الجسر يوم الاثنين لمدة ستة أشهر، وفقا لما أعلنته رئيسة البلدية أمس.",
    "ru": "Мост закроют в понедельник на шесть месяцев, сообщила вчера мэр города.",
    "ja": "橋は月曜日から六か月間閉鎖されると、市長が昨日発表しました。",
    "ko": "다리는 월요일부터 여섯 달 동안 폐쇄된다고 시장이 어제 발표했습니다.",
    "zh-Hans": "市长昨天宣布，这座桥从星期一起关闭六个月，市政府将提供免费班车。",
}


def article(headline: str, body: str, in_language: str | None = None) -> Article:
    return Article(
        url="https://journal.example/pont",
        headline=headline,
        article_body=body,
        in_language=in_language,
    )


@pytest.fixture
def stage() -> LanguagePipeline:
    crawler = get_crawler(settings_dict={"LANGUAGE_SAMPLE_CHARS": 1_000})
    return LanguagePipeline.from_crawler(crawler)


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_labelled_with_its_language(language: str) -> None:
    detected = detect(TEXTS[language])
    assert detected.language == language
    assert 0.5 < detected.score <= 1.0


@pytest.mark.parametrize(
    "text", ["", " \n", "12 345 — 67 %", "🎉🎉🎉", "https://journal.example/a"]
)
def test_a_text_without_words_is_undetermined(text: str) -> None:
    assert detect(text) == UNDETERMINED


def test_a_script_that_langdetect_does_not_know_is_undetermined() -> None:
    assert detect("ხიდი ორშაბათს ექვსი თვით დაიკეტება, განაცხადა მერმა.") == UNDETERMINED
    assert detect("Կամուրջը երկուշաբթի փակվում է վեց ամսով։") == UNDETERMINED


def test_a_headline_in_capitals_is_read_all_the_same() -> None:
    assert detect(FRENCH.upper()).language == "fr"


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    detected = detect(text)
    assert 0.0 <= detected.score <= 1.0


def test_the_label_depends_on_neither_order_nor_process() -> None:
    """Short mixed texts, where an unseeded langdetect changes its mind."""
    words = f"{FRENCH} {ENGLISH} {TEXTS['es']} {TEXTS['it']}".split()
    numbers = random.Random(3)
    texts = [" ".join(numbers.sample(words, 4)) for _ in range(60)]
    labels = [[detected.language, detected.score] for detected in map(detect, texts)]
    assert [[d.language, d.score] for d in map(detect, reversed(texts))] == labels[::-1]
    program = (
        "import json, sys; from pipelines.language import detect\n"
        "found = [detect(text) for text in json.load(sys.stdin)]\n"
        "json.dump([[d.language, d.score] for d in found], sys.stdout)"
    )
    for seed in ("1", "2"):
        other = subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert json.loads(other.stdout) == labels


def test_the_body_is_labelled_and_the_claim_of_the_page_stays(stage: LanguagePipeline) -> None:
    labelled = stage.process_item(article("Bridge closed", FRENCH * 2, in_language="en-US"))
    assert (labelled.language, labelled.in_language) == ("fr", "en-US")
    assert labelled.language_score > 0.9


def test_a_short_body_is_labelled_with_its_headline(stage: LanguagePipeline) -> None:
    labelled = stage.process_item(article("La mairie ferme le pont pour les travaux", "12:30."))
    assert labelled.language == "fr"


def test_only_the_beginning_is_read() -> None:
    body = FRENCH * 2 + ENGLISH * 20
    assert LanguagePipeline(len(FRENCH)).process_item(article("Pont", body)).language == "fr"


@pytest.mark.parametrize(
    ("claim", "tag"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr_FR", "fr-FR"),
        (" fr-fr ", "fr-FR"),
        ("fr_FR.UTF-8", "fr-FR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("zh_HANS", "zh-Hans"),
        ("es-419", "es-419"),
        ("SL-ROZAJ", "sl-rozaj"),
        ("de-DE-u-co-phonebk", "de-DE-u-co-phonebk"),
    ],
)
def test_a_claim_is_written_as_bcp_47_asks(claim: str, tag: str) -> None:
    assert language_tag(claim) == tag


@pytest.mark.parametrize(
    "claim", ["", "und", "français", "French", "fr, en", "x-default", "{{lang}}", "f", "fr--FR"]
)
def test_a_claim_that_is_no_tag_is_none(claim: str) -> None:
    assert language_tag(claim) is None


@given(st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_][A-Za-z]{2})?", fullmatch=True))
def test_a_tag_is_written_one_way(claim: str) -> None:
    tag = language_tag(claim)
    assert tag is None or language_tag(tag) == tag
