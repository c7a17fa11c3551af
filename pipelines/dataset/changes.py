"""What changed between a version that is superseded and the one that takes its place.

Words are those of `pipelines.minhash.tokens`, counted as a bag: a paragraph that moved adds and
removes none, a word that was replaced is one of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from pipelines.minhash import tokens
from pipelines.schema import REVISIONS, TIMESTAMP

# What a reader sees of an article: texts, which are compared by their words, and facts.
_TEXTS = ("headline", "description", "article_body")
_FACTS = (
    "authors", "date_published", "section", "keywords", "publisher", "main_image", "images",
    "is_accessible_for_free", "availability",
)  # fmt: skip
COMPARED = (*_TEXTS, *_FACTS)


def as_revisions(
    rows: pa.Table, successors: Mapping[str, Mapping[str, Any]], now: datetime
) -> pa.Table:
    """Superseded rows as rows of `revisions`; `successors` are what replaces them, by article."""
    changes = [
        _changes(old, successors[article_id])
        for article_id, old in zip(
            rows["article_id"].to_pylist(), rows.select(COMPARED).to_pylist(), strict=True
        )
    ]
    added = {
        "date_superseded": pa.array([now] * rows.num_rows, TIMESTAMP),
        **{
            name: pa.array([change[name] for change in changes], REVISIONS.field(name).type)
            for name in ("changed_fields", "words_added", "words_removed")
        },
    }
    for name, values in added.items():
        rows = rows.append_column(name, values)
    return rows.select(REVISIONS.names)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    texts = [name for name in _TEXTS if tokens(old[name] or "") != tokens(new[name] or "")]
    facts = [name for name in _FACTS if old[name] != new[name]]
    before, after = _words(old), _words(new)
    return {
        "changed_fields": texts + facts,
        "words_added": (after - before).total(),
        "words_removed": (before - after).total(),
    }


def _words(row: Mapping[str, Any]) -> Counter[str]:
    """Of headline and body: the lede, where it is shown, is part of the body."""
    return Counter(tokens(f"{row['headline']}\n{row['article_body']}"))
