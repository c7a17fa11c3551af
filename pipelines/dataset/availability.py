"""Whether a story is still there: a state of its row with a date, never a reason to lose it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pyarrow as pa

from crawler.items import Availability
from crawler.state import State
from crawler.state.journal import AVAILABILITY, StagedRows
from crawler.state.visits import Visit
from pipelines.dataset.rows import pack, unpack
from pipelines.schema import ARTICLES

# What a change says, beside whose row it is.
_COLUMNS = ("availability", "date_availability", "http_status")
_SCHEMA = pa.schema([ARTICLES.field(name) for name in ("article_id", *_COLUMNS)])


def stage_availability(
    state: State, visit: Visit, availability: Availability, http_status: int, now: datetime
) -> Visit:
    """Have a story's row say whether it is there, if it says otherwise; the visit after that."""
    story = state.journal.story(visit.article_id)
    if story is None or availability == visit.availability:
        return visit
    row = {
        "article_id": visit.article_id,
        "availability": availability,
        "date_availability": now,
        "http_status": http_status,
    }
    packed = pack(pa.RecordBatch.from_pylist([row], schema=_SCHEMA))
    place = f"{story.table}/{story.p_month}"
    state.journal.stage(StagedRows(AVAILABILITY, place, visit.article_id, packed))
    return replace(visit, availability=availability, since=now)


class Availabilities:
    """The changes of one partition's rows."""

    def __init__(self, staged: Iterable[StagedRows]) -> None:
        """Of two changes of one row, the later counts."""
        self._by_id = {rows.article_id: unpack(rows.rows).to_pylist()[0] for rows in staged}
        self.ids = frozenset(self._by_id)

    def apply(self, rows: pa.Table) -> pa.Table:
        """The rows as they are now known to be."""
        ids = rows["article_id"].to_pylist()
        for name in _COLUMNS:
            position = rows.schema.get_field_index(name)
            field = rows.schema.field(position)
            values = [
                self._by_id[own][name] if own in self._by_id else value
                for own, value in zip(ids, rows[name].to_pylist(), strict=True)
            ]
            rows = rows.set_column(position, field, pa.array(values, field.type))
        return rows
