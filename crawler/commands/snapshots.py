"""`scrapy snapshots`: which states of the dataset there are, and whether their files are whole."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.command import ColporteurCommand, one_of
from crawler.errors import DatasetError
from crawler.state import DataFolder
from pipelines.dataset import Snapshots, verify, verify_link
from pipelines.schema import TABLES


class Command(ColporteurCommand):
    """List the snapshots of the data folder, or check their files against their checksums."""

    def syntax(self) -> str:
        return "[options] list | verify"

    def short_desc(self) -> str:
        return "List the dataset's snapshots, or verify their files"

    def long_desc(self) -> str:
        return (
            "list: a line a snapshot, oldest first: number, when, by which run, rows by table; the "
            "one that `latest` points at is marked. verify: read every file of every snapshot and "
            "compare it with its manifest, and see where `latest` points; exit code 3 and a "
            "sentence a place if something is not what was written."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        action = one_of(args, ("list", "verify"))
        folder = DataFolder(Path(self.project_settings["DATA_DIR"]))
        kept = self.project_settings.getint("SNAPSHOTS_KEPT")
        snapshots = Snapshots(folder.snapshots, folder.latest, kept)
        if action == "list":
            _list(snapshots)
        else:
            _verify(snapshots)


def _list(snapshots: Snapshots) -> None:
    latest = snapshots.latest()
    for name in snapshots.ids():
        manifest = snapshots.get(name).manifest
        rows = manifest.rows()
        counts = "  ".join(f"{table} {rows[table]}" for table in TABLES)
        mark = "  latest" if latest and latest.id == name else ""
        print(f"{name}  {manifest.created}  {manifest.run_id}  {counts}{mark}")


def _verify(snapshots: Snapshots) -> None:
    wrong = []
    for name, found in verify(snapshots):
        wrong += found
        print(f"{name}  {'broken' if found else 'whole'}")
    wrong += verify_link(snapshots)
    for sentence in wrong:
        print(sentence)
    if wrong:
        raise DatasetError(
            f"the dataset is not what was written in {len(wrong)} places, named above; restore "
            "them, or point `latest` at a whole snapshot."
        )
