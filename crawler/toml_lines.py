"""Where things stand in a TOML file, which `tomllib` does not tell.

A TOML file is a sequence of statements (headers and `key = value`), each of which is a TOML file by
itself; so `tomllib` alone decides where one ends, whatever its quotes, comments and line breaks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CURE = 'text stands in "quotes", a list in [brackets], and each key = value on its own line'

# Lines after which a value counts as never closed: trying each line again costs their square.
_LONGEST_STATEMENT = 1_000


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a `key = value`: its first line from 1, its text, and what it names."""

    line: int
    text: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """What `tomllib` has against a file: the line, the table it lies in, and why."""

    line: int
    table: str | None
    message: str


def statements(text: str) -> Iterator[Statement]:
    """Cut TOML into its statements. One that does not end comes last, with an empty path."""
    table: tuple[str, ...] = ()
    pending, start = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        pending += f"{line}\n"
        try:
            path = _named(tomllib.loads(pending))
        except tomllib.TOMLDecodeError:
            if number - start < _LONGEST_STATEMENT:
                continue
            break
        if pending.lstrip().startswith("["):
            table = path
            yield Statement(start, pending, path)
        elif path:
            yield Statement(start, pending, table + path)
        pending, start = "", number + 1
    if pending:
        yield Statement(start, pending, ())


def line_of(text: str, path: tuple[str, ...], value: object = None) -> int | None:
    """Line of the statement that gives `path`, or else the nearest table around it.

    In a value of several lines it is the one that holds the string `value`.
    """
    found = list(statements(text))
    for length in range(len(path), 0, -1):
        for statement in found:
            if statement.path[:length] == path[:length]:
                return statement.line + _lines_before(value, statement.text)
    return None


def syntax_mistake(text: str, error: tomllib.TOMLDecodeError) -> SyntaxMistake:
    """Say of text that `tomllib` refused with `error` where that is, and in words that help."""
    position = _POSITION.search(str(error))
    message = _POSITION.sub("", str(error))
    line = int(position[1]) if position and position[1] else None
    found = list(statements("\n".join(text.split("\n")[:line])))
    table = next((statement.path[0] for statement in reversed(found) if statement.path), None)
    if found and not found[-1].path:
        begun = found[-1].line
        where = f" in what begins on line {begun}" if line and line != begun else ""
        message = f"{message}{where}; {_CURE}"
        return SyntaxMistake(line or begun, table, message)
    first: dict[tuple[str, ...], int] = {}
    for statement in found:
        earlier = first.setdefault(statement.path, statement.line)
        if earlier != statement.line:
            message = f"'{statement.path[-1]}' is given twice, first on line {earlier}; keep one"
            return SyntaxMistake(statement.line, table, message)
    return SyntaxMistake(line or 1, table, f"{message}; {_CURE}")


def _named(parsed: dict[str, object]) -> tuple[str, ...]:
    path: tuple[str, ...] = ()
    inner: object = parsed
    while isinstance(inner, dict) and len(inner) == 1:
        ((key, inner),) = inner.items()
        path += (key,)
    return path


def _lines_before(value: object, text: str) -> int:
    for number, line in enumerate(text.split("\n")):
        if not line.lstrip().startswith("#") and (f'"{value}"' in line or f"'{value}'" in line):
            return number
    return 0
