"""`scrapy replay`: the dataset from archives, without the network."""

from __future__ import annotations

import argparse

from crawler.commands.crawl import Command as CrawlCommand


class Command(CrawlCommand):
    """Run the archive spider over files; end with the exit code of its run."""

    def syntax(self) -> str:
        return "[options] WARC|LIST|FOLDER..."

    def short_desc(self) -> str:
        return "Extract again from archived (WARC: ours, Common Crawl's) or saved pages"

    def long_desc(self) -> str:
        return (
            "Takes the articles out of WARC files (our own from DATA_DIR/archive, or CC-NEWS as it "
            "is) through the extraction and pipelines of every run, into DATA_DIR. A file that was "
            "replayed to its end is passed over. The run's log counts the records that are no "
            "pages. Of pages that are saved as HTML it takes a list, as .jsonl (url, file) or .tsv "
            "(file, URL), gzip or plain, or a folder with an index.jsonl. Exit codes as scrapy "
            "crawl."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        self.run_spider("archive", files=",".join(args))
