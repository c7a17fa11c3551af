"""`scrapy report`: the data folder as one page to read, which loads nothing from anywhere."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from crawler.command import ColporteurCommand
from crawler.errors import ConfigurationError
from crawler.state import DataFolder
from crawler.storage.publishing import Publisher
from pipelines.dataset import Snapshot, Snapshots

# What draws and lays out the page; the extra `report` brings them along.
_NEEDED = ("vl_convert", "jinja2")


class Command(ColporteurCommand):
    """Write the report."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Write data/report/index.html, a page on what was collected"

    def long_desc(self) -> str:
        return (
            "Reads the latest snapshot and the files of the last runs, and writes one HTML page to "
            "DATA_DIR/report/index.html: articles over time, languages, lengths, which fields are "
            "filled, coverage and refusals, who copies whom, delay, versions, health, the last "
            "runs, every source, and rows to read. The page has no script and loads nothing. Needs "
            'what pip install ".[report]" brings along.'
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise ConfigurationError(f'scrapy report takes no argument, "{args[0]}" was given.')
        if any(find_spec(name) is None for name in _NEEDED):
            raise ConfigurationError(
                'the report is drawn by vl-convert and Jinja; pip install ".[report]" brings them.'
            )
        with Publisher.reading(self.project_settings) as folder:
            kept = self.project_settings.getint("SNAPSHOTS_KEPT")
            snapshot = Snapshots(folder.snapshots, folder.latest, kept).latest()
            if snapshot is None:
                raise ConfigurationError(
                    f'there is no snapshot in "{self.project_settings["DATA_DIR"]}" to report on; '
                    "run scrapy crawl articles first, or name another folder with -s "
                    "DATA_DIR=FOLDER."
                )
            place = DataFolder.from_settings(self.project_settings).path
            self._write(place / "report" / "index.html", folder, snapshot)

    def _write(self, path: Path, folder: DataFolder, snapshot: Snapshot) -> None:
        # Only now: without the extra there is nothing to import, and other commands need none of it
        from pipelines.report.dataset import figures_of  # noqa: PLC0415
        from pipelines.report.page import write_report  # noqa: PLC0415
        from pipelines.report.runs import runs_in  # noqa: PLC0415

        figures, runs = figures_of(snapshot), runs_in(folder.runs)
        size = write_report(path, snapshot, figures, runs, datetime.now(UTC))
        print(f"{path}  snapshot {snapshot.id}, {size:,} bytes")
