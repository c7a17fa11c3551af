"""The values that a page's scripts start from, in whatever dress a front end leaves them.

Plain JSON, JSON inside strings, escaped or in base64, data attributes, the rows of React's server
components, and Nuxt's two ways to fold a state; nothing is run, what is read in vain is bounded.
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
# A script with more brackets holds data, not a story; as many are decoded in 50 ms.
MAX_OBJECTS = 50_000
# Deeper than any front end nests its content.
MAX_DEPTH = 80

# A value that JSON can be: an object with a quoted key, a list of lists, objects or strings; and
# what stands before it where it is the whole script, assigned or passed on.
_OPENING = re.compile(r'\{(?=\s*")|\[(?=\s*[\[{"])')
_BEFORE = frozenset("=(,")
_MAX_SPACE = 100
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
    if text.count("{") + text.count("[") > MAX_OBJECTS:
        return
    end, wasted, attempts = 0, 0, 0
    for opening in _OPENING.finditer(text):
        start = opening.start()
        if start < end or not _is_given(text, start):
            continue
        if (attempts := attempts + 1) > MAX_ATTEMPTS or wasted > 2 * len(text):
            return
        try:
            value, end = _decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            failed = len(text) if error.msg.startswith("Unterminated") else error.pos
            wasted += failed - start
        except (ValueError, RecursionError):
            return
        else:
            yield value


def _is_given(text: str, start: int) -> bool:
    """Whether what begins there is the whole text, or something that is assigned or passed on."""
    before = text[max(0, start - _MAX_SPACE) : start].rstrip()
    return before[-1] in _BEFORE if before else True


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
    while position < len(text):
        if (row := _ROW.match(text, position)) is None:
            position = (text.find("\n", position) + 1) or len(text)
            continue
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
        else:
            values.append(value)
            position += text.startswith("\n", position)
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
