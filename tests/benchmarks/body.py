"""Learns which of a page's pieces are the article, and says how well that is told.

Trees on what `crawler.extract.traits` measures, from labelled pages (PAGES/index.jsonl with `url`,
`file` below html/, `page_type` and `article_body`, or `present`, `absent` and `comments` snippets).
Every figure is of sites that the trees did not see; `--write` learns from all and writes them where
`crawler.extract.body` reads them. Needs the extra `training`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from tldextract import TLDExtract
from web_poet import HttpResponse

from crawler.errors import Refusal
from crawler.extract import body as reading
from crawler.extract.blocks import Piece
from crawler.extract.forest import Floats, Forest, save_forest
from crawler.extract.repeats import repeats
from crawler.extract.site_rules import page_class
from crawler.extract.surroundings import holder
from crawler.extract.survey import Survey, survey
from crawler.extract.traits import NAMES, measure
from tests.benchmarks.alignment import STANDS, align, grams, words

FOREST = Path(reading.__file__).with_name("body.npz")
FOLDS = 5
DEPTH, TREES, RATE = 6, 300, 0.1
# Of the first five, whose figures differ by less than .001 in F1, the one that loses none of the
# small pages in tests/extract.
SEED = 4
# Each page weighs about the same, whatever its length; so many words are added to a piece's, for
# one word too many in a line of two is as easily seen.
LABEL_WORDS, PAGE_WORDS = 4, 50
# A snippet tells of one piece, where a known body tells of all.
SNIPPET_WEIGHT = 0.1
# A longer piece that holds an unwanted snippet holds other things too.
MAX_UNWANTED = 400
# More paragraphs in a row that an answer lacks are no furniture.
UNREAD = 10
# The last are those in force.
LIMITS = ((0.5, 0.5), (0.4, 0.6), (0.3, 0.7), (reading.KEPT, reading.ADDED))


@dataclass(frozen=True, slots=True)
class Example:
    """A page: its pieces' kinds and texts, the rules' choice, measures, labels (-1: not known)."""

    set: str
    fold: int
    truth: dict[str, Any]
    kinds: Sequence[str]
    texts: Sequence[str]
    chosen: npt.NDArray[np.bool_]
    rows: Floats
    labels: Floats
    weights: Floats


def read_example(folder: Path, row: dict[str, Any]) -> Example | None:
    """Read a page as the extractor would, up to the second look."""
    body = (folder / "html" / row["file"]).read_bytes()
    body = gzip.decompress(body) if row["file"].endswith(".gz") else body
    page = page_class(row["url"])(HttpResponse(row["url"], body))
    if isinstance(page.parsed(), Refusal):
        return None
    pieces = page.pieces()
    found = survey(pieces)
    choice = reading.choose_by_rules(pieces, found, page.known()[0], page.furniture_line)
    if choice is None:
        return None
    texts = [piece.text for piece in pieces]
    chosen = np.array([index in choice.indexes for index in range(len(pieces))])
    labels, weights = _labels(texts, row, chosen)
    weights[[piece.type in reading.UNLEARNT for piece in pieces]] = 0
    for run in _left_unread(pieces, found, chosen, labels):
        weights[run] = 0
    site = TLDExtract(suffix_list_urls=())(row["url"]).top_domain_under_public_suffix or row["url"]
    return Example(
        set=row["set"],
        fold=int(sha256(site.encode()).hexdigest(), 16) % FOLDS,
        truth=row,
        kinds=[piece.type for piece in pieces],
        texts=texts,
        chosen=chosen,
        rows=measure(pieces, found, choice, page.known()[0]),
        labels=labels,
        weights=weights,
    )


def _labels(
    texts: Sequence[str], row: dict[str, Any], chosen: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """The truth of each piece, and how much it counts."""
    if row.get("article_body"):
        labels = np.array(align(_once(texts, chosen), row["article_body"]), dtype=np.float32)
        long = np.array([len(words(text)) for text in texts], dtype=np.float32)
        return labels, (long + LABEL_WORDS) / (long[labels >= STANDS].sum() + PAGE_WORDS)
    labels = np.full(len(texts), -1, dtype=np.float32)
    wanted = [_joined(snippet) for snippet in row.get("present") or ()]
    unwanted = [_joined(s) for key in ("absent", "comments") for s in row.get(key) or ()]
    for index, text in enumerate(map(_joined, texts)):
        if any(snippet and snippet in text for snippet in wanted):
            labels[index] = 1
        elif len(text) <= MAX_UNWANTED and any(s and s in text for s in unwanted):
            labels[index] = 0
    return labels, np.where(labels >= 0, SNIPPET_WEIGHT, 0).astype(np.float32)


def _left_unread(
    pieces: Sequence[Piece], found: Survey, chosen: npt.NDArray[np.bool_], labels: Floats
) -> Iterator[slice]:
    """Yield the long runs of prose that an answer lacks, beside the prose that it has.

    Whoever wrote it down stopped, or passed a part over: nobody shall learn from it that stories
    end before they do.
    """
    prose = [index for index in np.flatnonzero(chosen).tolist() if found.weights[index]]
    held = {holder(pieces[index].element) for index in prose if labels[index] >= STANDS}
    for lacks, run in groupby(prose, lambda index: bool(0 <= labels[index] < STANDS)):
        beside = [index for index in run if holder(pieces[index].element) in held]
        if lacks and len(beside) >= UNREAD:
            yield slice(beside[0], beside[-1] + 1)


def _once(texts: Sequence[str], chosen: npt.NDArray[np.bool_]) -> list[str]:
    """The texts, those blanked that repeat others; of copies the one stays that the rules keep."""
    order = sorted(range(len(texts)), key=lambda index: not chosen[index])
    repeated = {order[at] for at in repeats([texts[index] for index in order])}
    return ["" if index in repeated else text for index, text in enumerate(texts)]


def learn(examples: Iterable[Example], seed: int = SEED) -> Forest:
    """Fit the trees."""
    from catboost import CatBoostClassifier

    examples = list(examples)
    rows = np.vstack([example.rows for example in examples])
    labels = np.hstack([example.labels for example in examples])
    weights = np.hstack([example.weights for example in examples])
    known = (labels >= 0) & (weights > 0)
    model = CatBoostClassifier(
        depth=DEPTH, iterations=TREES, learning_rate=RATE, l2_leaf_reg=10, rsm=0.4,
        border_count=64, bootstrap_type="Bernoulli", subsample=0.7, random_seed=seed,
        verbose=False, allow_writing_files=False,
    )  # fmt: skip
    model.fit(rows[known], labels[known] >= STANDS, sample_weight=weights[known])
    return _forest(model)


def _forest(model: Any) -> Forest:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        told = json.loads(path.read_text())
    trees = told["oblivious_trees"]
    columns = np.zeros((len(trees), DEPTH), dtype=np.int16)
    borders = np.full((len(trees), DEPTH), np.inf, dtype=np.float32)
    leaves = np.zeros((len(trees), 2**DEPTH), dtype=np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or ()):
            columns[number, level] = split["float_feature_index"]
            borders[number, level] = split["border"]
        leaves[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = told["scale_and_bias"]
    return Forest(columns, borders, leaves * np.float32(scale), float(np.ravel(bias)[0]))


def choose(example: Example, sure: Floats | None, kept: float, added: float) -> list[str]:
    """Return the texts that would be the body; by the rules alone where nothing was learnt."""
    chosen = example.chosen
    if sure is not None:
        chosen = np.where(chosen, sure > kept, sure > added)
    texts = [
        text
        for text, kind, said in zip(example.texts, example.kinds, chosen, strict=True)
        if said and kind != "caption"
    ]
    repeated = repeats(texts)
    return [text for index, text in enumerate(texts) if index not in repeated]


def report(name: str, examples: Sequence[Example], bodies: Sequence[Sequence[str]]) -> str:
    """One line: the sets' body F1, the share that is word for word, the snippets."""
    scores: defaultdict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    snippets: defaultdict[str, list[bool]] = defaultdict(list)
    for example, texts in zip(examples, bodies, strict=True):
        truth = example.truth
        if truth.get("article_body"):
            scores[example.set].append(_score(truth["article_body"], "\n\n".join(texts)))
            continue
        shown = _joined(" ".join([truth.get("headline") or "", *texts]))
        for key in ("present", "absent"):
            found = [_joined(s) in shown for s in truth.get(key) or () if _joined(s)]
            snippets[key] += [said == (key == "present") for said in found]
    parts = []
    for kind, rows in sorted(scores.items()):
        precision, recall, exact = (mean(column) for column in zip(*rows, strict=True))
        f1 = 2 * precision * recall / (precision + recall)
        parts.append(f"{kind} {f1:.4f} (P {precision:.4f} R {recall:.4f} exact {exact:.3f})")
    parts += [f"{key} {mean(found):.4f}" for key, found in snippets.items()]
    return f"{name:16s} " + " · ".join(parts)


def _score(true: str, said: str) -> tuple[float, float, bool]:
    exact = words(true, folded=False), words(said, folded=False)
    wanted, given = Counter(grams(exact[0])), Counter(grams(exact[1]))
    hits = (wanted & given).total()
    return hits / (given.total() or 1), hits / (wanted.total() or 1), exact[0] == exact[1]


def _joined(text: str) -> str:
    return " ".join(words(text))


def read_examples(folder: Path, jobs: int) -> Iterator[Example]:
    """Read every article of a folder."""
    with (folder / "index.jsonl").open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["page_type"] == "article"]
    with ProcessPoolExecutor(jobs) as pool:
        found = pool.map(read_example, [folder] * len(rows), rows, chunksize=8)
        yield from (example for example in found if example is not None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--write", action="store_true", help="learn from all pages and keep it")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    examples = list(read_examples(options.pages, options.jobs))
    print(f"{len(examples)} pages, {len(NAMES)} measures, {FOLDS} folds of whole sites")
    sure: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(examples)
    for fold in range(FOLDS):
        forest = learn(example for example in examples if example.fold != fold)
        for index, example in enumerate(examples):
            if example.fold == fold:
                sure[index] = forest.answer(example.rows)
    print(report("rules alone", examples, [choose(e, None, 0, 0) for e in examples]))
    for kept, added in LIMITS:
        bodies = [choose(e, s, kept, added) for e, s in zip(examples, sure, strict=True)]
        print(report(f"kept {kept} added {added}", examples, bodies))
    if options.write:
        save_forest(str(FOREST), learn(examples))


if __name__ == "__main__":
    main()
