"""A run in Prometheus' text format, for the textfile collector of its node exporter.

Written at the end of each run in place of the last one, whole or not at all. Gauges, as each file
tells of one run: https://prometheus.io/docs/practices/instrumentation/#batch-jobs.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured

from crawler.run import Run, run_ended
from crawler.tally import REFUSED

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class MetricsFile:
    """Writes the file that METRICS_FILE names."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings["METRICS_FILE"]:
            raise NotConfigured
        metrics = cls(Path(crawler.settings["METRICS_FILE"]))
        crawler.signals.connect(metrics.write, signal=run_ended)
        return metrics

    def write(self, run: Run, said: Mapping[str, Any]) -> None:
        """Write what a run did."""
        from prometheus_client import write_to_textfile  # noqa: PLC0415 # most runs have no file

        try:
            write_to_textfile(str(self._path), metrics_of(said))
        except OSError as error:
            logger.error('METRICS_FILE "%s" cannot be written (%s)', self._path, error.strerror)


def metrics_of(said: Mapping[str, Any]) -> CollectorRegistry:
    """The metrics of a run, from what its own file says."""
    from prometheus_client import CollectorRegistry, Gauge  # noqa: PLC0415

    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"colporteur_{name}", text, labels, registry=registry)

    started, ended = (datetime.fromisoformat(said[name]) for name in ("started", "ended"))
    gauge("run_end_timestamp_seconds", "When the last run ended.").set(ended.timestamp())
    gauge("run_duration_seconds", "How long it took.").set((ended - started).total_seconds())
    gauge("run_exit_code", "How it ended; 0 is well.").set(said["exit_code"])
    gauge("run_requests", "Requests that it sent.").set(said["requests"])
    healthy = gauge("source_healthy", "1 if nothing is wrong with a source.", "source")
    urls = gauge("source_urls", "URLs of a source, by what became of them.", "source", "outcome")
    refused = gauge("source_refused", "URLs that gave no row, by reason.", "source", "reason")
    for source in {*said["visited"], *said["problems"]}:
        healthy.labels(source).set(source not in said["problems"])
    for source, counts in said["sources"].items():
        for thing, number in counts.items():
            if thing.startswith(REFUSED):
                refused.labels(source, thing.removeprefix(REFUSED)).set(number)
            else:
                urls.labels(source, thing).set(number)
    return registry
