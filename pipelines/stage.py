"""The last stage: an article's rows go into the journal, together with the end of its URL's wait.

One transaction, so that a run that dies either has both or will fetch the page again. What the
schema will not take is set aside in `quarantine/` with the reason, and never holds up the rest.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from crawler.errors import Reason, Refusal
from crawler.items import Article, Comment, Pages
from crawler.state import DataFolder, State
from crawler.state.journal import StagedRows, Story
from crawler.state.visits import Plan, Visit
from pipelines.dataset.availability import stage_availability
from pipelines.dataset.rows import pack
from pipelines.fingerprinting import hash_of_text
from pipelines.reextraction import Reextraction
from pipelines.refused import Refused
from pipelines.schema import article_row, comment_key, comment_rows, month_of, table_of, to_batch

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_BAD_VALUES = (pa.ArrowException, OverflowError, UnicodeError, ValueError, TypeError)


class StagePipeline:
    """Puts down what the next commit writes."""

    def __init__(
        self,
        state: State,
        quarantine: Path,
        plan: Plan,
        count: Callable[[str, str], None],
        again: Reextraction | None = None,
    ) -> None:
        """`plan` is when an article is seen again; `again` has rows whose pages are read again.

        `count` is told the source, and what became of its article: a stats key's last part.
        """
        self._again = again
        self._state = state
        self._plan = plan
        self._quarantine = quarantine
        self._count = count

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        def count(source: str, thing: str) -> None:
            crawler.stats.inc_value(f"source/{source}/{thing}")

        folder = DataFolder.from_settings(crawler.settings)
        plan = Plan.of(crawler.settings.getlist("REVISIT_AFTER"))
        again = Reextraction.open_in(crawler)
        return cls(State.from_crawler(crawler), folder.quarantine, plan, count, again)

    def process_item(self, item: Article) -> Article:
        """Stage an article. Raises: Refused if a value cannot be what its column promises."""
        article, outcome = self._whole_or_aside(item, self._stage)
        self._count(article.source, outcome)
        return article

    def stage_again(self, item: Article) -> str:
        """Stage a version that was taken back from the batch; what has become of it, uncounted.

        Its comments and its URL's wait are settled already. Raises: Refused.
        """
        return self._whole_or_aside(item, self._stage_version)[1]

    def _whole_or_aside(
        self, item: Article, stage: Callable[[Article], tuple[Article, str]]
    ) -> tuple[Article, str]:
        try:
            with self._state.transaction():
                return stage(item)
        except _BAD_VALUES as error:
            self._set_aside(item, error)
            raise Refused(Refusal(Reason.BAD_ROW, str(error)[:200])) from error

    def _stage(self, item: Article) -> tuple[Article, str]:
        journal = self._state.journal
        before = journal.story(item.article_id)
        row = self._again.take(item.article_id) if self._again else None
        if before and row:
            return self._stage_read_again(item, before, row)
        last = self._state.visits.of(item.article_id)
        if before and (_is_twin(item, last) or journal.is_staged(item.article_id)):
            # Another address of a story that is known makes no version of it.
            article, outcome = item, "twin"
        else:
            article, outcome = self._stage_version(item)
        for staged in self._new_comments(article):
            journal.stage(staged)
        for known_as in filter(None, (article.article_id, article.requested_id)):
            self._state.urls.collected(known_as, _downloaded(item))
        return article, outcome

    def _stage_version(self, item: Article) -> tuple[Article, str]:
        state, now = self._state, datetime.now(UTC)
        before, last = state.journal.story(item.article_id), state.visits.of(item.article_id)
        text_hash = hash_of_text(item.headline, item.description, item.article_body)
        if before and before.text_hash == text_hash:
            self._see(_visit(item, before, last), item, now)
            return item, "unchanged"
        article = _next_version(item, before, last)
        self._put_down(article, before, text_hash)
        visit = _visit(article, before, None)
        state.visits.made(visit, self._plan.next(visit, now))
        return article, "revised" if before else table_of(article)

    def _stage_read_again(
        self, item: Article, before: Story, row: Mapping[str, Any]
    ) -> tuple[Article, str]:
        """A version where anything came out otherwise; of the page's visits it says nothing."""
        assert self._again is not None
        judged = self._again.judged(item, row)
        if judged is None:
            return item, "unchanged"
        number = before.revision + 1
        article = replace(
            judged, revision=number, revision_count=number, date_first_seen=before.first_seen
        )
        text_hash = hash_of_text(article.headline, article.description, article.article_body)
        self._put_down(article, before, text_hash)
        return article, "revised"

    def _put_down(self, article: Article, before: Story | None, text_hash: str) -> None:
        state = self._state
        state.journal.stage(_article_rows(article, before))
        state.batch.keep(article.article_id)
        state.journal.remember(_story(article, text_hash))
        if article.content_hash != (before and before.content_hash):
            self._log_fingerprint(article, datetime.now(UTC))

    def _see(self, visit: Visit, item: Article, now: datetime) -> None:
        """The text is as it was: only that its page is there, or is said to be no longer valid."""
        seen = stage_availability(self._state, visit, item.availability, item.http_status, now)
        self._state.visits.made(seen, self._plan.next(seen, now))

    def _new_comments(self, article: Article) -> Iterator[StagedRows]:
        """The comments that were never staged, by the month they were written in."""
        keys = {
            comment_key(article.article_id, comment.comment_id): comment
            for comment in article.comments
        }
        new = self._state.journal.new_comments(article.article_id, list(keys))
        downloaded = _downloaded(article)
        months: dict[str, list[Comment]] = defaultdict(list)
        for key, comment in keys.items():
            if key in new:
                months[month_of(comment.date_created, downloaded)].append(comment)
        for month, comments in months.items():
            batch = to_batch("comments", comment_rows(article.article_id, comments))
            yield StagedRows("comments", month, article.article_id, pack(batch))

    def _log_fingerprint(self, article: Article, now: datetime) -> None:
        """Let later articles be compared with this one. An exact copy tells nothing new."""
        if article.vocabulary and article.duplicate_kind != "exact":
            self._state.fingerprints.add(
                article.article_id, article.date_published, now, article.minhash,
                article.vocabulary,
            )  # fmt: skip

    def _set_aside(self, article: Article, error: Exception) -> None:
        self._quarantine.mkdir(exist_ok=True)
        row = {"error": f"{type(error).__name__}: {error}", "article": asdict(article)}
        with (self._quarantine / f"{article.run_id}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, default=repr) + "\n")


def _is_twin(article: Article, last: Visit | None) -> bool:
    """Whether a story came from another address than the one it is read from."""
    own = last.asked_id if last else article.article_id
    return bool(article.requested_id) and article.requested_id != own


def _visit(article: Article, before: Story | None, last: Visit | None) -> Visit:
    """What the visit says that the article came from.

    Of one in several pages, the first page's validators say nothing of the others.
    """
    downloaded = _downloaded(article)
    first_seen = before.first_seen if before else article.date_first_seen
    published = article.date_published
    from_now_on = published if published and published <= downloaded else first_seen
    is_whole = article.pages == Pages()
    return Visit(
        article_id=article.article_id,
        asked_id=article.requested_id or article.article_id,
        source=article.source,
        planned_from=from_now_on or downloaded,
        etag=article.etag if is_whole else None,
        last_modified=article.last_modified if is_whole else None,
        availability=last.availability if last else article.availability,
        since=last.since if last else article.date_availability,
    )


def _next_version(article: Article, before: Story | None, last: Visit | None) -> Article:
    was, since = (last.availability, last.since) if last else ("available", None)
    since = since if article.availability == was else _downloaded(article)
    article = replace(article, date_availability=since)
    if before is None:
        return article
    revision = before.revision + 1
    return replace(
        article, revision=revision, revision_count=revision, date_first_seen=before.first_seen
    )


def _article_rows(article: Article, before: Story | None) -> StagedRows:
    table = table_of(article)
    moved = before is not None and before.cluster_id != article.cluster_id
    return StagedRows(
        table,
        month_of(article.date_published, _downloaded(article)),
        article.article_id,
        pack(to_batch(table, [article_row(article)])),
        replaces=f"{before.table}/{before.p_month}" if before else None,
        leaves=before.cluster_id if before and moved else None,
    )


def _story(article: Article, text_hash: str) -> Story:
    assert article.date_first_seen is not None
    return Story(
        article_id=article.article_id,
        table=table_of(article),
        p_month=month_of(article.date_published, _downloaded(article)),
        content_hash=article.content_hash,
        text_hash=text_hash,
        cluster_id=article.cluster_id,
        revision=article.revision,
        first_seen=article.date_first_seen,
    )


def _downloaded(article: Article) -> datetime:
    if article.date_downloaded is None:
        raise ValueError("date_downloaded is required")
    return article.date_downloaded
