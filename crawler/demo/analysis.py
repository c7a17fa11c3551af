"""Five questions to a dataset, answered in a sentence and a plot each: an example to start from.

`python -m crawler.demo.analysis data/latest -o answers.png`; needs DuckDB and Matplotlib, which
`pip install ".[analysis]"` brings along. A question is a query and a plot, one function each.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito: told apart by colour-blind readers, in light and in print.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
# Of more sources or languages only the largest are drawn.
DRAWN = 8
_HOUR = 3600.0

Rows = list[tuple[Any, ...]]


def who_copies_whom(dataset: duckdb.DuckDBPyConnection, axes: Axes) -> str:
    """Copies by the source that has them and the source that had the story first."""
    rows = ask(
        dataset,
        "SELECT copy.source, kept.source, count(*) FROM duplicates AS copy"
        " JOIN articles AS kept ON copy.duplicate_of = kept.article_id"
        " GROUP BY ALL ORDER BY 3 DESC, 1, 2",
    )
    count = {(copier, original): copies for copier, original, copies in rows}
    names = sorted({name for pair in count for name in pair})
    matrix = [[count.get((copier, original), 0) for original in names] for copier in names]
    if names:
        axes.imshow(matrix, cmap="Blues", vmin=0)
    axes.set_xticks(range(len(names)), names, rotation=20)
    axes.set_yticks(range(len(names)), names)
    for row, copier in enumerate(matrix):
        for column, copies in enumerate(copier):
            dark = copies > max(map(max, matrix)) / 2
            axes.text(column, row, str(copies), ha="center", color="white" if dark else "black")
    axes.set(title="Who copies whom (stories)", xlabel="had it first", ylabel="has a copy")
    across = [(copier, original, copies) for copier, original, copies in rows if copier != original]
    if not across:
        return "No source has a story that another one had first."
    copier, original, copies = across[0]
    total = sum(count.values())
    return f"{total} copies; most between two sources: {copier} has {copies} of {original}'s."


def how_headlines_change(dataset: duckdb.DuckDBPyConnection, axes: Axes) -> str:
    """The share of a headline's words that its next version, or a copy of the story, keeps."""
    copies = ask(
        dataset,
        "SELECT kept.headline, copy.headline FROM duplicates AS copy"
        " JOIN articles AS kept ON copy.duplicate_of = kept.article_id",
    )
    corrected = ask(
        dataset,
        "WITH versions AS (FROM articles SELECT article_id, revision, headline"
        " UNION ALL FROM duplicates SELECT article_id, revision, headline"
        " UNION ALL FROM revisions SELECT article_id, revision, headline)"
        " SELECT old.headline, new.headline FROM revisions AS old JOIN versions AS new"
        " ON old.article_id = new.article_id AND new.revision = old.revision + 1",
    )
    kept = [[kept_words(*pair) for pair in pairs] for pairs in (copies, corrected)]
    bins = [step / 10 for step in range(11)]
    labels = [f"copies ({len(copies)})", f"corrections ({len(corrected)})"]
    axes.hist(kept, bins=bins, stacked=True, label=labels, color=COLOURS[:2])
    axes.set(title="How headlines change", xlabel="share of words kept", ylabel="headlines")
    axes.legend()
    changed = [share for share in (*kept[0], *kept[1]) if share < 1]
    if not changed:
        return "No headline was changed."
    return (
        f"{len(changed)} of {len(copies) + len(corrected)} headlines were changed; where they are, "
        f"half keep {median(changed):.0%} of the words or less."
    )


def how_fast_sites_correct(dataset: duckdb.DuckDBPyConnection, axes: Axes) -> str:
    """Hours from an article's publication to its last change, as its page says, by source."""
    rows = ask(
        dataset,
        "SELECT source, epoch(date_modified - date_published) FROM articles"
        " WHERE date_modified > date_published ORDER BY 1, 2",
    )
    for number, (source, seconds) in enumerate(grouped(rows)):
        hours = [0.0, *(own / _HOUR for own in seconds)]
        shares = [rank / len(seconds) for rank in range(len(hours))]
        axes.step(hours, shares, where="post", label=source, color=COLOURS[number % len(COLOURS)])
    axes.set(
        title="How fast sites correct", xlabel="hours since publication",
        ylabel="share of what is corrected", ylim=(0, 1.02),
    )  # fmt: skip
    if not rows:
        return "No page says that it was changed after its publication."
    axes.legend()
    hours = median(seconds / _HOUR for _, seconds in rows)
    (total,) = ask(dataset, "SELECT count(*) FROM articles")[0]
    return f"{len(rows)} of {total} articles were changed, half of them within {hours:.1f} hours."


def which_languages(dataset: duckdb.DuckDBPyConnection, axes: Axes) -> str:
    """Articles by source and detected language."""
    rows = ask(dataset, "SELECT source, language, count(*) FROM articles GROUP BY ALL")
    sources: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for source, language, articles in rows:
        sources[source] += articles
        languages[language] += articles
    names = [source for source, _ in sources.most_common(DRAWN)]
    drawn = [language for language, _ in languages.most_common(DRAWN - 1)]
    left = [0] * len(names)
    for colour, language in zip(COLOURS, [*drawn, "other"], strict=False):
        widths = [0] * len(names)
        for source, spoken, articles in rows:
            if source in names and (spoken if spoken in drawn else "other") == language:
                widths[names.index(source)] += articles
        axes.barh(names, widths, left=left, label=language, color=colour)
        left = [sum(pair) for pair in zip(left, widths, strict=True)]
    axes.set(title="Languages", xlabel="articles")
    axes.legend(ncols=2)
    if not languages:
        return "There is no article."
    language, articles = languages.most_common(1)[0]
    share = articles / sources.total()
    return f"{len(languages)} languages; {share:.0%} of the articles are in {language}."


def when_readers_comment(dataset: duckdb.DuckDBPyConnection, axes: Axes) -> str:
    """Hours from an article's publication to each comment on it."""
    rows = ask(
        dataset,
        "SELECT headline, epoch(date_created - date_published) / 3600 FROM comments"
        " JOIN articles USING (article_id) WHERE date_created >= date_published ORDER BY 2",
    )
    axes.hist([hours for _, hours in rows], bins=24, color=COLOURS[0])
    axes.set(title="When readers comment", xlabel="hours since publication", ylabel="comments")
    if not rows:
        return "There is no comment that says when it was written."
    headline, most = Counter(headline for headline, _ in rows).most_common(1)[0]
    half = median(hours for _, hours in rows)
    return f"{len(rows)} comments, half within {half:.0f} hours; most, {most}, under “{headline}”."


Question = Callable[[duckdb.DuckDBPyConnection, Axes], str]
QUESTIONS: tuple[Question, ...] = (
    who_copies_whom, how_headlines_change, how_fast_sites_correct, which_languages,
    when_readers_comment,
)  # fmt: skip


def opened(snapshot: Path) -> duckdb.DuckDBPyConnection:
    """A snapshot's tables, each by its name."""
    dataset = duckdb.connect()
    for table in ("articles", "duplicates", "revisions", "comments"):
        # Resolved, so that all are of one snapshot, whatever a run commits meanwhile.
        glob = str(snapshot.resolve() / table / "**" / "*.parquet").replace("'", "''")
        dataset.execute(f"CREATE VIEW {table} AS FROM read_parquet('{glob}')")
    return dataset


def ask(dataset: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """The rows that answer a query."""
    return dataset.execute(query).fetchall()


def kept_words(before: str, after: str) -> float:
    """The share of a headline's words that another one has, in their order; 1: it is the same."""
    return SequenceMatcher(None, before.lower().split(), after.lower().split()).ratio()


def grouped(rows: Rows) -> list[tuple[str, list[float]]]:
    """Pairs of source and number as a list for each of the largest sources."""
    sources: dict[str, list[float]] = {}
    for source, value in rows:
        sources.setdefault(source, []).append(value)
    return sorted(sources.items(), key=lambda item: -len(item[1]))[:DRAWN]


def analyse(snapshot: Path, picture: Path) -> list[str]:
    """Draw all plots into one picture, by its ending PNG, SVG or PDF; a sentence a question."""
    figure = Figure(figsize=(12, 13), layout="constrained")
    dataset = opened(snapshot)
    grid = figure.add_gridspec(3, 2)
    places = [*(grid[number // 2, number % 2] for number in range(4)), grid[2, :]]
    plots = [figure.add_subplot(place) for place in places]
    told = [question(dataset, axes) for question, axes in zip(QUESTIONS, plots, strict=True)]
    figure.savefig(picture, dpi=120)
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, draw, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m crawler.demo.analysis", description=__doc__)
    parser.add_argument("snapshot", nargs="?", type=Path, default=Path("data/latest"))
    parser.add_argument("-o", "--output", type=Path, default=Path("answers.png"))
    options = parser.parse_args(arguments)
    for sentence in analyse(options.snapshot, options.output):
        print(sentence)


if __name__ == "__main__":
    main()
