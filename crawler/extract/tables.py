"""Tables as text: which are the article's own, and how their cells are written.

Cells stand beside each other with a bar between, rows on lines of their own.
"""

from __future__ import annotations

from typing import cast

from lxml import etree

from crawler.extract.boilerplate import SKIPPED_TAGS
from crawler.extract.document import collapse

_BLOCKS = etree.XPath("count(.//td//p|.//td//div|.//td//h2|.//td//table|.//td//h1|.//td//br)")


def is_layout(table: etree._Element) -> bool:
    """Whether a table only lays out the page: one cell a row, or blocks of prose in its cells."""
    rows = list(table.iter("tr"))
    if not rows or max(sum(cell.tag in ("td", "th") for cell in row) for row in rows) < 2:
        return True
    return cast(float, _BLOCKS(table)) > 2


def table_text(table: etree._Element) -> str:
    """Return a table's rows that say something."""
    rows = []
    for row in table.iter("tr"):
        cells = [collapse("".join(_visible(cell))) for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            rows.append(" | ".join(cells))
    return "\n".join(rows)


def _visible(element: etree._Element) -> list[str]:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED_TAGS:
            parts.append(" " if child.tag == "br" else "")
            parts += _visible(child)
        parts.append(child.tail or "")
    return parts
