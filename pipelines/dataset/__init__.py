"""The dataset: snapshots of Parquet files, each of them whole, each put in place by one rename."""

from pipelines.dataset.commit import commit
from pipelines.dataset.snapshots import Snapshot, Snapshots
from pipelines.dataset.verify import verify, verify_link, verify_snapshot

__all__ = ["Snapshot", "Snapshots", "commit", "verify", "verify_link", "verify_snapshot"]
