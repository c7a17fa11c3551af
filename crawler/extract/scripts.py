"""Scripts in which a character says as much as two of an alphabet: Chinese, Japanese, Korean."""

from __future__ import annotations

import re

# For the brackets of a pattern.
WIDE = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_CHARACTER = re.compile(f"[{WIDE}]")


def is_wide(text: str) -> bool:
    """Whether some of a text is in such a script."""
    return not text.isascii() and _CHARACTER.search(text) is not None


def wide_characters(text: str) -> int:
    """Return how many characters of a text are."""
    return 0 if text.isascii() else len(_CHARACTER.findall(text))
