"""Pages made to stall or exhaust whoever parses them."""

from __future__ import annotations

from collections.abc import Callable

from tests.misbehaviours.wire import COLLECTED, Misbehaviour
from tests.server import Body

Page = Callable[[str], bytes]
MEGABYTE = 1_000_000
TOO_LARGE = "extract/too-large"


def attributes(count: int) -> bytes:
    """A tag with so many attributes, which libxml2 compares each with each."""
    return b"<p " + b" ".join(b'a%d="x"' % number for number in range(count)) + b">x</p>"


def hostile() -> dict[str, tuple[bytes, str]]:
    """What stands in the page, and what becomes of it: a reason, or `articles`."""
    return {
        "40,000 attributes": (attributes(40_000), TOO_LARGE),
        "attributes without end": (b"<p " + b"a=' " * 50_000, TOO_LARGE),
        "2,100 divs in each other": (b"<div>" * 2_100 + b"x", TOO_LARGE),
        "300 lists in each other": (b"<ul><li>" * 300, TOO_LARGE),
        "a million open tags": (b"<b>" * MEGABYTE, TOO_LARGE),
        "100,000 tables": (b"<table><tr><td>" * 100_000, TOO_LARGE),
        "a comment of 4 MB": (b"<!--" + b"- " * 2 * MEGABYTE + b"-->", COLLECTED),
        "a comment without end": (b"<!--" + b"<!-" * MEGABYTE, TOO_LARGE),
        "entities": (b"<p>" + b"&amp;&#x1F600;&nosuch;" * 100_000 + b"</p>", TOO_LARGE),
        "a word of 4 MB": (b"<p>" + b"x" * 4 * MEGABYTE + b"</p>", TOO_LARGE),
        "a class of 1 MB": (b'<p class="' + b"a-" * (MEGABYTE // 2) + b'">x</p>', TOO_LARGE),
        "a script of 4 MB": (
            b"<script>" + b"if(a<b)" + b"{ " * 2 * MEGABYTE + b"</script>", COLLECTED),
        "meta refresh in a circle": (b'<meta http-equiv="refresh" content="0">', COLLECTED),
    }  # fmt: skip


def pages(page: Page) -> dict[str, Misbehaviour]:
    """By name; `page` makes the article of a name."""
    return {
        name: Misbehaviour(
            Body(page(name).replace(b"</article>", b"</article>" + trap)), outcome
        )
        for name, (trap, outcome) in hostile().items()
    }  # fmt: skip
