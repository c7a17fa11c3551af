"""A state that its front end has folded: Nuxt 3's list of values by number, Nuxt 2's function.

Both say each value once and name it elsewhere; here they are unfolded without running anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

# The conversion to JSON looks at every word: beyond this it takes too long.
MAX_FUNCTION = 1_500_000
# Values that are named many times are unfolded once; deeper than this nothing is.
MAX_DEPTH = 60
# What wraps a value or is none: `["Reactive", 3]`, `["Date", "2026-…"]`.
_WRAPPERS = frozenset(
    {"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef"}
)

_FUNCTION = re.compile(
    r"__NUXT__\s*=\s*\(?\s*(?:function\s*\(([\w$,\s]*)\)\s*\{|\(([\w$,\s]*)\)\s*=>\s*\{)"
    r".{0,20000}?\breturn\s*(?=\{)",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|'[^'\\]*+(?:\\.[^'\\]*+)*+'|"
    r"void 0|!0|!1|new Date\([^()]*\)|[A-Za-z_$][\w$]*(?:\([\w\s,]*\))?(\s*:)?|(?<![\w.])-?\.\d+",
    re.DOTALL,
)
_WORDS = {"true": "true", "false": "false", "null": "null", "!0": "true", "!1": "false"}
_MARK = "\x00"  # begins the name of a parameter where its value belongs


def unflatten(values: Sequence[Any]) -> Any:
    """Return the value that a list of values, numbered in each other, stands for (Nuxt 3)."""
    if not values:
        return None
    known: dict[int, Any] = {}

    def value_of(number: Any, depth: int) -> Any:
        if not isinstance(number, int) or isinstance(number, bool):
            return None
        if not 0 <= number < len(values) or depth > MAX_DEPTH:
            return None
        if number in known:
            return known[number]
        stated = values[number]
        if isinstance(stated, dict):
            made: dict[str, Any] = {}
            known[number] = made
            made.update((key, value_of(entry, depth + 1)) for key, entry in stated.items())
            return made
        if isinstance(stated, list):
            if stated and isinstance(stated[0], str):
                return wrapped(number, stated, depth)
            listed: list[Any] = []
            known[number] = listed
            listed += (value_of(entry, depth + 1) for entry in stated)
            return listed
        return stated

    def wrapped(number: int, stated: list[Any], depth: int) -> Any:
        known[number] = None
        kind, rest = stated[0], stated[1:]
        if kind in _WRAPPERS and rest:
            known[number] = value_of(rest[0], depth + 1)
        elif kind == "Date" and rest:
            known[number] = rest[0]
        elif kind in ("Set", "Map"):
            known[number] = [value_of(entry, depth + 1) for entry in rest]
        return known[number]

    return value_of(0, 0)


def unfold_function(text: str) -> Any:
    """Return the object that a function of constants gives (Nuxt 2), or None.

    `(function(a,b){return {…}}("x",null))`: its text is made JSON, and the arguments are put in
    where the parameters stand. What is computed otherwise is left out.
    """
    if (head := _FUNCTION.search(text)) is None or len(text) - head.end() > MAX_FUNCTION:
        return None
    parameters = [name.strip() for name in (head[1] or head[2] or "").split(",")]
    known = frozenset(filter(None, parameters))

    def as_json(token: re.Match[str]) -> str:
        word = token[0]
        if word[0] == '"':
            return word if "\\x" not in word else re.sub(r"\\x(..)", r"\\u00\1", word)
        if word[0] == "'":
            inner = word[1:-1].replace("\\'", "'").replace('"', '\\"')
            return f'"{inner}"'
        if token[1] is not None:
            return f'"{word[: -len(token[1])]}":'
        if word in _WORDS:
            return _WORDS[word]
        if word in known:
            return f'"\\u0000{word}"'
        return f"0{word}" if word[0] == "." else f"-0{word[1:]}" if word[0] == "-" else "null"

    folded = _TOKEN.sub(as_json, text[head.end() :])
    decoder = json.JSONDecoder(strict=False)
    try:
        value, end = decoder.raw_decode(folded)
        start = folded.index("(", end) + 1
        given = decoder.raw_decode("[" + folded[start:].rstrip("); \r\n\t") + "]")[0]
    except (ValueError, RecursionError):
        return None
    return _put_in(value, dict(zip(parameters, given, strict=False)))


def _put_in(value: Any, given: Mapping[str, Any], depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        return given.get(value[1:]) if value.startswith(_MARK) else value
    if isinstance(value, dict):
        return {key: _put_in(entry, given, depth + 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [_put_in(entry, given, depth + 1) for entry in value]
    return value
