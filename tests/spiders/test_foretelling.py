from __future__ import annotations

import subprocess
import sys

from crawler.errors import Refusal
from crawler.items import Article
from crawler.spiders.foretelling import read
from pipelines.foretelling import Foretelling
from tests.markup import page, stories

FORETELLING = Foretelling(1_000, ())
# What a worker has none of: half a second and 30 MB each.
WITHOUT_SCRAPY = """
import sys
sys.modules["scrapy"] = None
from crawler.spiders import foretelling
foretelling.warm_up()
print(sorted({"twisted", "pyarrow", "sqlite3"} & set(sys.modules)))
"""


def test_a_page_comes_with_the_answers_for_its_stages() -> None:
    (story,) = stories(1)
    read_in = read(story.html().encode(), "https://journal.example/pont", FORETELLING)
    assert not isinstance(read_in, Refusal)
    article, answers = read_in
    assert isinstance(article, Article)
    assert article.domain == ""  # the run's to say
    asked = {name.partition(":")[2] for name, _, _ in answers}
    assert asked == {"_normalized", "detect", "measured", "hashes_of_body", "hash_of_text"}


def test_what_is_no_article_is_refused_and_nothing_foretold() -> None:
    assert isinstance(read(page("").encode(), "https://journal.example/", FORETELLING), Refusal)


def test_a_worker_loads_neither_scrapy_nor_the_store_to_foretell() -> None:
    line = [sys.executable, "-c", WITHOUT_SCRAPY]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
