"""The values that a page's scripts start from, in whatever dress a front end leaves them.

Plain JSON, JSON inside strings, escaped or in base64, data attributes, the rows of React's server
components, and Nuxt's two ways to fold a state; nothing is run, and what is read in vain is bounded.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from crawler.extract.folded import unflatten, unfold_function

# A script with less in it holds no story.
MIN_SCRIPT = 1_000
# More than any front end starts from; beyond, reading alone takes a tenth of a second.
MAX_SCRIPT = 6_000_000
# Program text has many brackets that open no value; after so many, none will.
MAX_ATTEMPTS = 200
# Deeper than any front end nests its content.
MAX_DEPTH = 80

# A value that JSON can be: an object with a quoted key, a list of lists, objects or strings.
_OPENING = re.compile(r'(?:^\s*|[=(,]\s*)(?=\{\s*"|\[\s*[\[{"]|\[1,")')
_ESCAPED = re.compile(
    r"(?:JSON\.parse|decodeURIComponent|unescape)\(\s*"
    r"(\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|'[^'\\]*+(?:\\.[^'\\]*+)*+')",
    re.DOTALL,
)
_BASE64 = re.compile(r"\batob\(\s*[\"']([A-Za-z0-9+/=_-]{800,})[\"']")
_PUSHED = re.compile(r"__next_f\s*(?:=[^;]{0,60})?\.?\)?\.push\(")
_ROW = re.compile(r"([0-9a-f]{1,6}):(?:T([0-9a-f]{1,8}),|[A-Z]{0,2}(?=[\[{\"]))")
_HEX_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_PERCENT = re.compile(r"%(?:7B|5B|22)", re.IGNORECASE)
_decoder = json.JSONDecoder(strict=False)


def stated_values(root: etree._Element) -> Iterator[Any]:
    """Yield every value below `root` that may hold a story, each as plain JSON has it."""
    rows: list[str] = []
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) > MAX_SCRIPT or "src" in script.attrib:
            continue
        if "__next_f" in text:
            rows += _pushed(text)
        elif len(text) >= MIN_SCRIPT:
            yield from _values(text, script.get("id") or "")
    if rows:
        yield from _server_components("".join(rows))
    for element in root.iter("div", "main", "section", "body", "textarea"):
        for value in (*element.attrib.values(), element.text if element.tag == "textarea" else ""):
            if (
                value
                and MIN_SCRIPT <= len(value) <= MAX_SCRIPT
                and value.lstrip()[:1] in ("{", "[")
            ):
                yield from _json(value)


def _values(text: str, name: str) -> Iterator[Any]:
    if "__NUXT_DATA__" in name or text.startswith(('[["Reactive"', '[["ShallowReactive"')):
        for value in _json(text):
            yield unflatten(value) if isinstance(value, list) else value
        return
    if "__NUXT__" in text and (value := unfold_function(text)) is not None:
        yield value
        return
    if "&quot;" in text[:200]:
        text = html.unescape(text)
    for found in _ESCAPED.finditer(text) if "JSON.parse" in text else ():
        if len(found[1]) >= MIN_SCRIPT:
            yield from _json(_literal(found[1]))
    for found in _BASE64.finditer(text) if "atob(" in text else ():
        try:
            yield from _json(base64.b64decode(found[1], validate=True).decode("utf-8", "replace"))
        except (binascii.Error, ValueError):
            continue
    yield from _json(text)


def _json(text: str) -> Iterator[Any]:
    """Every JSON value that a text is, assigns or passes on.

    An attempt that fails is paid for with what was read in vain, so that no text is read thrice.
    """
    position, wasted = 0, 0
    for _ in range(MAX_ATTEMPTS):
        if (opening := _OPENING.search(text, position)) is None or wasted > 2 * len(text):
            return
        try:
            value, position = _decoder.raw_decode(text, opening.end())
        except json.JSONDecodeError as error:
            failed = len(text) if error.msg.startswith("Unterminated") else error.pos
            wasted += failed - opening.end()
            position = opening.end() + 1
        except (ValueError, RecursionError):
            return
        else:
            yield value


def _literal(quoted: str) -> str:
    """A JavaScript string literal as the text it stands for; empty if it is none."""
    inner = quoted[1:-1]
    if _PERCENT.match(inner):
        return unquote(inner)
    inner = _HEX_ESCAPE.sub(r"\\u00\1", inner)
    if quoted[0] == "'":
        inner = re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', inner.replace("\\'", "'"))
    try:
        text = _decoder.decode(f'"{inner}"')
    except ValueError:
        return ""
    return text if isinstance(text, str) else ""


def _pushed(text: str) -> Iterator[str]:
    """The pieces of text that a script hands to React: `self.__next_f.push([1,"…"])`."""
    position = 0
    while (call := _PUSHED.search(text, position)) is not None:
        try:
            value, position = _decoder.raw_decode(text, call.end())
        except (ValueError, RecursionError):
            return
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            yield value[1]


def _server_components(text: str) -> Iterator[Any]:
    """The rows of React's wire format: `1a:[…]` is JSON, `1b:T4e2,…` so many bytes of text.

    A string `$1b` stands for that row's text. An element is `["$", tag, key, properties]`.
    """
    texts: dict[str, str] = {}
    values: list[Any] = []
    position = 0
    while (row := _ROW.search(text, position)) is not None:
        if row[2] is not None:
            size = int(row[2], 16)
            told = text[row.end() : row.end() + size].encode()[:size].decode("utf-8", "ignore")
            texts[f"${row[1]}"] = told
            position = row.end() + len(told)
            continue
        try:
            value, position = _decoder.raw_decode(text, row.end())
        except (ValueError, RecursionError):
            position = row.end()
            if (line := text.find("\n", position)) < 0:
                break
            position = line
        else:
            values.append(value)
    yield from (_elements(value, texts) for value in values)
    yield from ([told] for told in texts.values())


def _elements(value: Any, texts: dict[str, str], depth: int = 0) -> Any:
    """React's elements as typed objects, with the texts they refer to."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        return texts.get(value, value) if value.startswith("$") else value
    if isinstance(value, dict):
        return {key: _elements(entry, texts, depth + 1) for key, entry in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) > 3 and value[0] == "$" and isinstance(value[3], dict):
        properties = _elements(value[3], texts, depth + 1)
        inner = properties.get("dangerouslySetInnerHTML")
        markup = inner.get("__html") if isinstance(inner, dict) else None
        return {
            **properties,
            "type": str(value[1]),
            "children": markup or properties.get("children"),
        }
    return [_elements(entry, texts, depth + 1) for entry in value]
