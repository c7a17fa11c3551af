"""Tables as text: which are the article's own, and how their cells are written.

Cells stand beside each other with a bar between, rows on lines of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from lxml import etree

from crawler.extract.boilerplate import SKIPPED_TAGS
from crawler.extract.document import collapse

# A month has so many days at least, and takes so many rows, with its own name and the weekdays'.
MIN_DAYS = 28
_WEEKS = 4, 9
_BLOCKS = etree.XPath("count(.//td//p|.//td//div|.//td//h2|.//td//table|.//td//h1|.//td//br)")


def is_layout(table: etree._Element) -> bool:
    """Whether a table only lays out the page: one cell a row, or blocks of prose in its cells."""
    rows = list(table.iter("tr"))
    if _is_calendar(rows):
        return False
    if not rows or max(sum(cell.tag in ("td", "th") for cell in row) for row in rows) < 2:
        return True
    return cast(float, _BLOCKS(table)) > 2


def table_text(table: etree._Element) -> str:
    """Return a table's rows that say something; the days of a month say nothing."""
    rows = []
    all_rows = list(table.iter("tr"))
    for row in () if _is_calendar(all_rows) else all_rows:
        cells = [collapse("".join(_visible(cell))) for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            rows.append(" | ".join(cells))
    return "\n".join(rows)


def _is_calendar(rows: Sequence[etree._Element]) -> bool:
    """Whether a table's cells count the days of a month, a week a row."""
    if not _WEEKS[0] <= len(rows) <= _WEEKS[1]:
        return False
    said = ("".join(map(str, cell.itertext())).strip() for row in rows for cell in row)
    days = [int(text) for text in said if len(text) <= 2 and text.isdecimal()]
    first = days.index(1) if 1 in days else 0
    return days[first : first + MIN_DAYS] == list(range(1, MIN_DAYS + 1))


def _visible(element: etree._Element) -> list[str]:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED_TAGS:
            parts.append(" " if child.tag == "br" else "")
            parts += _visible(child)
        parts.append(child.tail or "")
    return parts
