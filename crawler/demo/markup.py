"""HTML for the sites: templates from `templates/`, blocks, dates and pictures.

Templates are `string.Template` files; a value put into one is HTML already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from crawler.items import Block

TEMPLATES = Path(__file__).parent / "templates"
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


@cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.html").read_text(encoding="utf-8"))


def render(name: str, /, **values: object) -> str:
    """Fill `templates/<name>.html`; a forgotten value raises KeyError."""
    return _template(name).substitute(values)


def blocks_html(blocks: Iterable[Block]) -> str:
    """The body's blocks, one element a line; neighbouring list items share one list."""
    lines: list[str] = []
    for type_, group in groupby(blocks, key=lambda block: block.type):
        texts = [escape(block.text, quote=False) for block in group]
        if type_ == "list_item":
            items = "\n".join(f"<li>{text}</li>" for text in texts)
            lines.append(f"<ul>\n{items}\n</ul>")
        elif type_ == "heading":
            lines += [f"<h2>{text}</h2>" for text in texts]
        elif type_ == "quote":
            lines += [f"<blockquote><p>{text}</p></blockquote>" for text in texts]
        else:
            lines += [f"<p>{text}</p>" for text in texts]
    return "\n".join(lines)


def links(pairs: Iterable[tuple[str, str]], separator: str = ", ") -> str:
    """Anchors for (URL, text) pairs."""
    return separator.join(f'<a href="{escape(url)}">{escape(text)}</a>' for url, text in pairs)


def french_date(moment: datetime) -> str:
    """As French papers print it: `1er août 2026 à 9 h 05`."""
    day = "1er" if moment.day == 1 else str(moment.day)
    month = MONTHS[moment.month - 1]
    return f"{day} {month} {moment.year} à {moment.hour}\u00a0h\u00a0{moment:%M}"


def slugify(name: str) -> str:
    """A term's or an author's path segment: `Élodie Vasseur` gives `elodie-vasseur`."""
    plain = name.lower().translate(str.maketrans("àâçéèêëîïôöùûü'’ ", "aaceeeeiioouuu---"))
    return "".join(char for char in plain if char.isalnum() or char == "-")


def picture(slug: str) -> bytes:
    """A picture for a story: an SVG of two hills whose colours and heights follow from its slug."""
    seed = sum(slug.encode())
    hue, left, right = seed % 360, 150 + seed % 90, 140 + seed % 110
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">'
        f'<rect width="640" height="360" fill="hsl({hue} 45% 82%)"/>'
        f'<path d="M0 360 L0 {left} Q160 {left - 90} 400 360 Z" fill="hsl({hue} 40% 55%)"/>'
        f'<path d="M220 360 Q480 {right - 70} 640 {right} L640 360 Z" fill="hsl({hue} 45% 40%)"/>'
        "</svg>"
    ).encode()
