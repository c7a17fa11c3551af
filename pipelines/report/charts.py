"""Charts as SVG whose text is text and whose colours are the page's own, in light, dark and print.

Vega-Lite draws them, in this process, without a browser or a network (vl-convert).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import vl_convert

# What a phone is wide, so that the words stay readable there; on wider screens it grows.
WIDTH = 400
_HEIGHT = 220
# The page defines as many colours; of more series the smallest are one, named so.
COLOURS = 8
OTHER = "other"

# Series, place on the axis, number.
Point = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and the same as numbers for whoever cannot see it or wants to know exactly."""

    title: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


def bars(
    title: str,
    unit: str,
    axis: str,
    points: Sequence[Point],
    *,
    series: str = "",
    order: Sequence[str] | None = None,
    across: bool = False,
) -> Chart:
    """Bars, stacked by `series` if that is named; `across`: lying, for long names."""
    drawn = _largest(points) if series else points
    place: dict[str, Any] = {
        "field": "place", "type": "nominal", "title": axis,
        "sort": list(order or dict.fromkeys(place for _, place, _ in points)),
        # Padding: a reader's own font may be wider than the one that was measured.
        "axis": {
            "labelLimit": 150, "labelOverlap": True, "labelAngle": 0 if across else -40,
            "titlePadding": 24 if across else 4,
        },
    }  # fmt: skip
    size = {"field": "n", "type": "quantitative", "title": unit, "axis": {"tickMinStep": 1}}
    names = list(dict.fromkeys(name for name, _, _ in drawn))
    encoding: dict[str, Any] = {"y" if across else "x": place, "x" if across else "y": size}
    if series:
        encoding["color"] = {
            "field": "series", "type": "nominal", "title": series, "sort": names,
            "scale": {"domain": names, "range": [f"var(--c{n})" for n in range(len(names))]},
            "legend": {"orient": "bottom", "columns": 2, "labelLimit": 160},
        }  # fmt: skip
    values = [{"series": name, "place": where, "n": n} for name, where, n in drawn]
    places = len({where for _, where, _ in drawn})
    height = max(90, 24 * places + 50) if across else _HEIGHT
    svg = _drawn(values, encoding, height + (12 * len(names) if series else 0))
    head = (axis, series, unit) if series else (axis, unit)
    rows = tuple((where, name, n) if series else (where, n) for name, where, n in points)
    label = f"{title}: {unit} by {axis}" + (f" and {series}" if series else "")
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
    return Chart(title, svg, head, rows)


def _drawn(values: list[dict[str, Any]], encoding: dict[str, Any], height: int) -> str:
    faint = {"gridColor": "currentColor", "gridOpacity": 0.15, "domainOpacity": 0.4}
    text = {"labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 11}
    lines = {"domainColor": "currentColor", "tickColor": "currentColor", "tickOpacity": 0.4}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH, "height": height, "autosize": {"type": "fit", "contains": "padding"},
        "background": None, "data": {"values": values},
        "mark": {"type": "bar", "color": "var(--c0)"}, "encoding": encoding,
        "config": {
            "font": "system-ui, sans-serif", "view": {"stroke": None},
            "axis": {**text, **lines, **faint}, "legend": text,
        },
    }  # fmt: skip
    # It has nothing to fetch, and may not.
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg


def _largest(points: Sequence[Point]) -> list[Point]:
    """With the smallest series as one, where there are more than colours."""
    sums: dict[str, int] = {}
    for name, _, n in points:
        sums[name] = sums.get(name, 0) + n
    if len(sums) <= COLOURS:
        return list(points)
    kept = sorted(sums, key=lambda name: (-sums[name], name))[: COLOURS - 1]
    merged: dict[tuple[str, str], int] = {}
    for name, where, n in points:
        key = (name if name in kept else OTHER, where)
        merged[key] = merged.get(key, 0) + n
    return [(name, where, n) for (name, where), n in merged.items()]
