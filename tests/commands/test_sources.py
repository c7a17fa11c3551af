from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.sources import read_sources
from tests.conftest import Scrapy

ROOT = Path(__file__).parents[2]
SOURCES = """[gazette]
url = "https://gazette.fr/"
language = "fr"
feeds = ["https://gazette.fr/une.xml", "https://gazette.fr/sport.xml"]
sitemaps = ["https://gazette.fr/sitemap.xml"]
wordpress = "https://gazette.fr/wp-json/"

[echo]
url = "https://echo.fr/"
enabled = false
"""
OPML = """<opml version="1.0"><body>
<outline text="Gazette" xmlUrl="https://www.gazette.fr/rss" htmlUrl="https://www.gazette.fr/"/>
<outline text="Le Courrier" xmlUrl="https://courrier.fr/rss" htmlUrl="https://courrier.fr/"/>
<outline text="Nowhere" xmlUrl="feed://nowhere.fr/rss"/>
</body></opml>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(SOURCES)
    return path


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "scrapy", "sources", *map(str, words)]


def scrapy_sources(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def refused(scrapy: Scrapy, *words: str) -> str:
    """The one sentence with which exit code 2 comes."""
    done = scrapy("sources", *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("scrapy sources: ")
    return done.stderr


def test_the_list_is_tab_separated_where_no_terminal_is(file: Path) -> None:
    done = scrapy_sources("list", "-s", f"SOURCES={file}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "gazette\thttps://gazette.fr/\tfr\t2 feeds, 1 sitemap, WordPress\tyes\n"
        "echo\thttps://echo.fr/\t\t\tno\n"
    )


def test_the_list_is_a_table_on_a_terminal(file: Path) -> None:
    terminal, end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        done = subprocess.run(
            command("list", "-s", f"SOURCES={file}"),
            cwd=ROOT,
            stdout=end,
            env={**os.environ, "COLUMNS": "120", "TERM": "dumb"},
            timeout=60,
            check=False,
        )
        os.close(end)
        shown = screen.read(100_000).decode()
    assert done.returncode == 0
    assert "ways known" in shown
    assert "https://gazette.fr/ │ fr" in shown
    assert "\t" not in shown


def test_a_mistake_in_the_file_is_one_sentence_and_exit_code_2(file: Path) -> None:
    file.write_text('[gazette]\nurl = "gazette.fr"\n')
    done = scrapy_sources("list", "-s", f"SOURCES={file}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"scrapy sources: {file}:2: source \"gazette\": 'url' must start with http:// or "
        'https://, got "gazette.fr"; write "https://gazette.fr/"\n'
    )


def test_an_import_adds_what_is_new_and_says_so(scrapy: Scrapy, file: Path, tmp_path: Path) -> None:
    opml = tmp_path / "reader.opml"
    opml.write_text(OPML)
    done = scrapy("sources", "import", opml, "-s", f"SOURCES={file}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "added le-courrier: https://courrier.fr/ (1 feed)\n"
        "left out feed://nowhere.fr/rss: the site it belongs to cannot be told\n"
        f"added 1 source to {file}; 1 site known already; 1 feed left out\n"
    )
    assert file.read_text().startswith(SOURCES)
    assert [source.name for source in read_sources(file)] == ["gazette", "echo", "le-courrier"]
    again = scrapy("sources", "import", opml, "-s", f"SOURCES={file}")
    assert f"added 0 sources to {file}; 2 sites known already" in again.stdout


def test_a_dry_run_of_an_import_changes_nothing(scrapy: Scrapy, file: Path, tmp_path: Path) -> None:
    opml = tmp_path / "reader.opml"
    opml.write_text(OPML)
    done = scrapy("sources", "import", opml, "--dry-run", "-s", f"SOURCES={file}")
    assert done.returncode == 0
    assert "would add le-courrier: https://courrier.fr/ (1 feed)" in done.stdout
    assert file.read_text() == SOURCES


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "say one of list, add, check, import; none was given."),
        (("remove",), '"remove" is none of them'),
        (("list", "gazette"), 'list takes no more words, got "gazette"'),
        (("list", "--dry-run"), "--dry-run belongs to add and import, not to list."),
        (("import",), "import takes one OPML file; none was given"),
        (("import", "a.opml", "--force"), "import takes one OPML file"),
        (("import", "none.opml"), "none.opml cannot be read: No such file or directory"),
        (("add",), "add takes one address; none was given."),
        (("add", "a.fr", "b.fr"), 'add takes one address; got "a.fr b.fr".'),
        (("add", "courrier.fr"), 'must start with http:// or https://, got "courrier.fr"'),
        (("add", "https://courrier.fr/", "--name", "Le Courrier"), "write --name le-courrier."),
        (("add", "https://courrier.fr/", "--name", ""), "write one such as --name example."),
        (("add", "https://courrier.fr/", "--name", "echo"), 'the name "echo" is that of https://'),
        (("add", "https://www.echo.fr/sport/"), 'is known already: source "echo" in '),
        (("add", "https://courrier.fr/", "--sample", "3"), "--sample belongs to check, not to add"),
        (("check", "gazete"), 'no source is named "gazete" in '),
        (("check", "gazette", "--sample", "0"), "--sample must be at least 1, got 0."),
        (("check", "gazette", "--name", "courrier"), "--name belongs to add, not to check."),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_2(
    words: tuple[str, ...], told: str, file: Path, scrapy: Scrapy
) -> None:
    assert told in refused(scrapy, *words, "-s", f"SOURCES={file}")


def test_a_file_without_an_enabled_source_has_nothing_to_check(file: Path, scrapy: Scrapy) -> None:
    file.write_text(SOURCES.replace("language", "enabled = false\nlanguage"))
    told = refused(scrapy, "check", "-s", f"SOURCES={file}")
    assert told == f"scrapy sources: no source in {file} is enabled; name those to check.\n"


def test_the_help_names_every_subcommand(scrapy: Scrapy) -> None:
    done = scrapy("sources", "-h")
    assert done.returncode == 0
    for subcommand in ("list:", "add URL:", "check [NAME...]:", "import FILE.opml:"):
        assert subcommand in " ".join(done.stdout.split())
