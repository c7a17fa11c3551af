"""Learns how much each sign of `crawler.extract.signs` weighs, and says how well they tell pages.

A logistic regression on labelled pages (PAGES/index.jsonl with `url`, `file` below html/ and
`page_type`), cross-validated with whole sites held out; `--write` puts the weights into
signs.py and the threshold into page_type.py.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tldextract import TLDExtract
from web_poet import HttpResponse

from crawler.errors import Refusal
from crawler.extract import page_type, signs
from crawler.extract.evidence import gather
from crawler.extract.page_type import THRESHOLD, refuse
from crawler.extract.site_rules import page_class

Floats = npt.NDArray[np.float64]

SIGNS = signs.FOR + signs.AGAINST
# What judgement says of signs that few pages show, or that labels disagree on. The penalty pulls a
# weight to this, and to zero where nothing stands here.
EXPECTED = {
    "article type": 2.0, "og:type article": 0.5,
    "home": -2.0, "forum type": -5.0, "forum address": -2.5, "forum host": -2.0,
    "forum generator": -2.0, "shop type": -4.0, "og:type product": -2.0, "shop address": -1.0,
    "shop class": -2.0, "listing type": -1.0, "listing address": -2.5, "listing class": -2.5,
    "listing of the API": -3.0, "cards": -4.0, "author address": -2.0, "author class": -4.0,
    "profile": -3.0, "profile type": -3.0, "login address": -5.0, "login headline": -5.0,
    "asks for a password": -4.0, "contact address": -4.0, "error class": -8.0,
    "error headline": -8.0, "documentation address": -2.0, "documentation host": -2.0,
    "documentation class": -1.0, "documentation generator": -2.0, "service type": -1.0,
    "service address": -1.0,
}  # fmt: skip
# How hard the penalty pulls; from 0.5 to 3 the held-out precision moves by less than .015.
PENALTY = 1.0
FOLDS = 10
REPEATS = 5
# The threshold is chosen anew in each fold, without the sites it is tried on.
INNER_FOLDS = 5
NESTED_REPEATS = 2
RECALLS = (0.95, 0.97, 0.975, 0.98, 0.985, 0.99)
TARGET_RECALL = 0.985
# The log-odds of a page that is refused for want of a headline or a body, whatever its signs.
REFUSED = -99.0


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled pages, a row each: their signs' measures, the truth, and what is said today."""

    measures: Floats
    is_article: npt.NDArray[np.bool_]
    is_unreadable: npt.NDArray[np.bool_]
    sites: Sequence[str]
    kinds: Sequence[str]
    answers: Sequence[str]

    def without(self, out: npt.NDArray[np.bool_]) -> Examples:
        """Return the examples but for some."""
        left: list[int] = np.flatnonzero(~out).tolist()
        return Examples(
            self.measures[left],
            self.is_article[left],
            self.is_unreadable[left],
            [self.sites[index] for index in left],
            [self.kinds[index] for index in left],
            [self.answers[index] for index in left],
        )


def read_examples(folder: Path) -> Examples:
    """Read every page of a folder as the extractor would."""
    site_of = TLDExtract(suffix_list_urls=())
    rows = [json.loads(line) for line in (folder / "index.jsonl").open(encoding="utf-8")]
    measures, unreadable, answers = [], [], []
    for row in rows:
        body = (folder / "html" / row["file"]).read_bytes()
        body = gzip.decompress(body) if row["file"].endswith(".gz") else body
        page = page_class(row["url"])(HttpResponse(row["url"], body))
        seen = (page.document, page.structured(), page.metadata(), page.pieces(), page.story().body)
        evidence = gather(*seen)
        measures.append([float(sign.measure(evidence)) for sign in SIGNS])
        unreadable.append(not page.metadata().headline or not page.story().body)
        refusal = refuse(*seen) or page.refusal()
        answers.append(str(refusal.reason) if isinstance(refusal, Refusal) else "kept")
    return Examples(
        np.array(measures),
        np.array([row["page_type"] == "article" for row in rows]),
        np.array(unreadable),
        [site_of(row["url"]).top_domain_under_public_suffix or row["url"] for row in rows],
        [row["page_type"] for row in rows],
        answers,
    )


def learn(measures: Floats, is_article: npt.NDArray[np.bool_]) -> tuple[float, Floats]:
    """Return the bias and the weights; one that would contradict its sign's side is none."""
    expected = np.array([EXPECTED.get(sign.name, 0.0) for sign in SIGNS])
    side = np.where(np.arange(len(SIGNS)) < len(signs.FOR), 1.0, -1.0)
    active = np.arange(len(SIGNS))
    while True:
        bias, some = _regress(measures[:, active], is_article, expected[active])
        agrees = some * side[active] >= 0
        if agrees.all():
            weights = np.zeros(len(SIGNS))
            weights[active] = some
            return bias, weights
        active = active[agrees]


def _regress(
    measures: Floats, is_article: npt.NDArray[np.bool_], expected: Floats
) -> tuple[float, Floats]:
    """Newton's method on the penalised logistic loss; the bias goes unpenalised."""
    columns = np.column_stack([np.ones(len(measures)), measures])
    centre = np.concatenate([[0.0], expected])
    penalty = np.full(len(centre), PENALTY)
    penalty[0] = 1e-9
    weights = centre.copy()
    for _ in range(50):
        odds = 1 / (1 + np.exp(-columns @ weights))
        gradient = columns.T @ (odds - is_article) + penalty * (weights - centre)
        curvature = (columns.T * (odds * (1 - odds))) @ columns + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-5:
            break
    return float(weights[0]), weights[1:]


def assign(sites: Sequence[str], count: int, repeat: int) -> npt.NDArray[np.int64]:
    """Return each page's fold; the pages of a site share theirs."""
    digests = [sha256(f"{repeat} {site}".encode()).digest() for site in sites]
    return np.array([digest[0] * 256 + digest[1] for digest in digests]) % count


def held_out(examples: Examples, repeat: int, count: int = FOLDS) -> Floats:
    """Return each page's log-odds by weights learnt on other sites."""
    folds = assign(examples.sites, count, repeat)
    scores = np.zeros(len(folds))
    for fold in range(count):
        out = folds == fold
        bias, weights = learn(examples.measures[~out], examples.is_article[~out])
        scores[out] = bias + examples.measures[out] @ weights
    return scores


def nested(examples: Examples, repeat: int) -> npt.NDArray[np.bool_]:
    """Return which pages are kept by weights and a threshold that are both of other sites."""
    folds = assign(examples.sites, FOLDS, repeat)
    scores = held_out(examples, repeat)
    kept = np.zeros(len(folds), dtype=bool)
    for fold in range(FOLDS):
        others = examples.without(folds == fold)
        inner = held_out(others, repeat + REPEATS, INNER_FOLDS)
        _, threshold = precision_at(others, inner, TARGET_RECALL)
        kept[folds == fold] = scores[folds == fold] >= threshold
    return kept & ~examples.is_unreadable


def precision_at(examples: Examples, scores: Floats, recall: float) -> tuple[float, float]:
    """Return the precision where so many articles are kept, and the last one's log-odds."""
    scores = np.where(examples.is_unreadable, REFUSED, scores)
    kept = np.sort(scores[examples.is_article])[::-1]
    least = float(kept[math.ceil(recall * len(kept)) - 1])
    wrong = int((scores[~examples.is_article] >= least).sum())
    right = int((kept >= least).sum())
    return right / (right + wrong), least


def _figures(examples: Examples) -> float:
    """Print how well the signs tell, and return the log-odds that keep enough articles."""
    bias, weights = learn(examples.measures, examples.is_article)
    full = bias + examples.measures @ weights
    runs = [held_out(examples, repeat) for repeat in range(REPEATS)]
    print(f"{'recall':>8}{'precision, held-out sites':>28}{'at log-odds':>14}{'all pages':>12}")
    for recall in RECALLS:
        precisions, places = zip(
            *(precision_at(examples, run, recall) for run in runs), strict=True
        )
        known, _ = precision_at(examples, full, recall)
        print(f"{recall:8}{np.mean(precisions):28.3f}{np.mean(places):14.2f}{known:12.3f}")
    fixed = [(run >= THRESHOLD) & ~examples.is_unreadable for run in runs]
    print(f"\nat {THRESHOLD}, held out: {_outcome(examples, fixed)}")
    chosen = [nested(examples, repeat) for repeat in range(NESTED_REPEATS)]
    print(f"at a threshold from other sites: {_outcome(examples, chosen)}")
    print(f"at {THRESHOLD}, as written today, by kind of page:")
    for kind, count in Counter(examples.kinds).most_common():
        answers = Counter(
            answer
            for answer, of in zip(examples.answers, examples.kinds, strict=True)
            if of == kind
        )
        told = ", ".join(f"{answer} {times}" for answer, times in answers.most_common())
        print(f"  {kind:14}{count:5}  {told}")
    return float(np.mean([precision_at(examples, run, TARGET_RECALL)[1] for run in runs]))


def _outcome(examples: Examples, runs: Sequence[npt.NDArray[np.bool_]]) -> str:
    kept = np.concatenate(runs)
    truth = np.tile(examples.is_article, len(runs))
    precision, recall = truth[kept].mean(), kept[truth].mean()
    return (
        f"precision {precision:.3f}, recall {recall:.3f}, specificity {(~kept)[~truth].mean():.3f}"
    )


def write(bias: float, weights: Floats, threshold: float) -> None:
    """Put bias and weights, to a hundredth, into the table of signs, and the threshold beside."""
    path = Path(page_type.__file__)
    path.write_text(
        re.sub(
            r"^THRESHOLD = .*$",
            f"THRESHOLD = {threshold:.2f}",
            path.read_text(encoding="utf-8"),
            flags=re.MULTILINE,
        ),
        encoding="utf-8",
    )
    path = Path(signs.__file__)
    text = re.sub(
        r"^BIAS = .*$", f"BIAS = {bias:.2f}", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    for sign, weight in zip(SIGNS, weights, strict=True):
        entry = re.compile(rf'(Sign\(\s*"{re.escape(sign.name)}", )-?[\d.]+')
        text, count = entry.subn(rf"\g<1>{weight:.2f}", text)
        assert count == 1, sign.name
    path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--write", action="store_true", help="put weights and threshold into place")
    arguments = parser.parse_args()
    examples = read_examples(arguments.pages)
    threshold = _figures(examples)
    if arguments.write:
        write(*learn(examples.measures, examples.is_article), threshold)


if __name__ == "__main__":
    main()
