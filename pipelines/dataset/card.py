"""The card that lies in each snapshot: what it holds and the lines that open it."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.dataset.manifest import Manifest
from pipelines.schema import TABLES

_CARD = """\
# Colporteur dataset, snapshot {snapshot}

Written {created} by run {run_id}; schema version {schema_version}. Files, rows and checksums are in
`manifest.json`. A snapshot never changes: what you read here stays as it is.

| table | rows |
| --- | ---: |
{rows}

```sql
-- DuckDB
SELECT headline, date_published FROM read_parquet('{table}/**/*.parquet', hive_partitioning = true);
```

The columns and what they promise are described in the `README.md` of the data folder.
"""


def write_card(folder: Path, manifest: Manifest) -> None:
    """Write `README.md` into a snapshot's folder."""
    rows = manifest.rows()
    lines = "\n".join(f"| {table} | {rows[table]:,} |" for table in TABLES)
    text = _CARD.format(
        snapshot=manifest.snapshot,
        created=manifest.created,
        run_id=manifest.run_id,
        schema_version=manifest.schema_version,
        rows=lines,
        table="articles",
    )
    with (folder / "README.md").open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
