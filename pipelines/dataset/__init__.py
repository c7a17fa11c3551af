"""The dataset: snapshots of Parquet files, each of them whole, each put in place by one rename."""

from pipelines.dataset.commit import commit
from pipelines.dataset.snapshots import Snapshot, Snapshots

__all__ = ["Snapshot", "Snapshots", "commit"]
