from __future__ import annotations

import pytest

from crawler.extract.haystack import haystack


@pytest.mark.parametrize("times", [1, 100, 1_000])
def test_the_same_is_found_as_often_as_in_the_text_itself(times: int) -> None:
    text = "\n".join(["the bridge is open", "at last"] * times)
    found = haystack(text)
    assert found.rstrip("\n") == text
    for needle in ("the bridge is open\nat last", "bridge", "ferry"):
        assert found.count(needle) == text.count(needle)
