from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.suffixes import SUFFIXES, _Session, below_suffix

# As a worker does, which has Scrapy hidden.
LOADED = """
import sys
sys.modules["scrapy"] = None
from crawler.spiders.foretelling import warm_up
warm_up()
print(*sorted(name for name in ("requests", "requests_file", "urllib3") if name in sys.modules))
"""


@pytest.mark.parametrize(
    ("host", "registered"),
    [
        ("www.journal.fr", "journal.fr"),
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("co.uk", "co.uk"),
        ("fr.blog.blogspot.com", "blog.blogspot.com"),
        ("localhost", "localhost"),
        ("journal.localhost", "journal.localhost"),
        ("www.journal.localhost", "journal.localhost"),
        ("printer", "printer"),
    ],
)
def test_what_was_registered_is_a_label_below_its_public_suffix(host: str, registered: str) -> None:
    assert below_suffix(host) == registered


def test_a_worker_loads_nothing_that_would_fetch_a_list() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == ""


def test_a_list_is_asked_of_nobody_and_the_one_that_is_there_does() -> None:
    session = _Session()
    session.mount("file://", None)
    with pytest.raises(OSError, match=r"https://publicsuffix\.org/ is not asked for"):
        session.get("https://publicsuffix.org/")
    session.close()
    assert SUFFIXES("https://news.bbc.co.uk/").suffix == "co.uk"
