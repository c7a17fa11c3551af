from __future__ import annotations

import pytest

from crawler.errors import ConfigurationError, Reason
from pipelines.language_filter import LanguageFilterPipeline
from pipelines.refused import Refused
from tests.pipelines.newsroom import story


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ([], "fr"),
        (["fr"], "fr"),
        (["zh"], "zh-Hans"),
        (["ZH_hans", "de"], "zh-Hans"),
        (["und"], "und"),
    ],
)
def test_an_article_in_a_wanted_language_stays_as_it_is(wanted: list[str], language: str) -> None:
    article = story("a", language=language)
    assert LanguageFilterPipeline(wanted).process_item(article) is article


@pytest.mark.parametrize(
    ("wanted", "language"), [("fr", "en"), ("zh-Hant", "zh-Hans"), ("f", "fr")]
)
def test_others_are_refused_by_name(wanted: str, language: str) -> None:
    if wanted == "f":
        with pytest.raises(ConfigurationError, match='"f" is no language'):
            LanguageFilterPipeline([wanted])
        return
    with pytest.raises(Refused) as refused:
        LanguageFilterPipeline([wanted]).process_item(story("a", language=language))
    assert refused.value.refusal.reason is Reason.OTHER_LANGUAGE
