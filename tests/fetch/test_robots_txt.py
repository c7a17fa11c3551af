from __future__ import annotations

import time

import pytest

from crawler.fetch.robots_txt import MAX_BYTES, read_robots_txt


def allowed(text: str | bytes, path: str, product: str = "colporteur") -> bool:
    body = text if isinstance(text, bytes) else text.encode()
    return read_robots_txt(body, product).allows(f"https://gazette.example{path}")


@pytest.mark.parametrize(
    ("rules", "path", "may"),
    [
        # groups: the RFC's section 2.2.1
        ("User-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: colporteur\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: colporteur\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\n"
         "User-agent: COLPORTEUR\nDisallow: /b", "/b", False),
        ("User-agent: colporteur\nDisallow: /a\n\nUser-agent: colporteur\nDisallow: /b",
         "/a", False),
        ("User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/a", False),
        ("User-agent: x\nUser-agent: colporteur\nDisallow: /a", "/a", False),
        ("User-agent: x\nSitemap: https://a/s\nUser-agent: colporteur\nDisallow: /a", "/a", False),
        ("User-agent: Colporteur/1.0\nDisallow: /a", "/a", False),
        ("User-agent: colporteur-news\nDisallow: /a", "/a", True),
        ("User-agent: colport\nDisallow: /a", "/a", True),
        ("User-agent: colporteur\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        # 2.2.4: no other record ends a group
        ("User-agent: colporteur\nCrawl-delay: 3\n\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: colporteur\nContent-Signal: search=yes\nUser-agent: x\nDisallow: /",
         "/a", False),
        ("User-agent: colporteur\nNonsense: x\nUser-agent: x\nDisallow: /", "/a", False),
        ("Disallow: /a", "/a", True),
        ("User-agent: colporteur (news)\nDisallow: /a", "/a", False),
        ("User-agent: colporteur2\nDisallow: /a", "/a", True),
        ("User-agent: *bot\nDisallow: /a", "/a", True),
        # rules: 2.2.2 and 2.2.3
        ("User-agent: *\nAllow: /p\nDisallow: /", "/page", True),
        ("User-agent: *\nDisallow: /folder\nAllow: /folder", "/folder/page", True),
        ("User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page.htm", False),
        ("User-agent: *\nDisallow: /*.php$", "/a.php?x=1", True),
        ("User-agent: *\nDisallow: /*.php$", "/a.php", False),
        ("User-agent: *\nDisallow: /a/%E3%83%84", "/a/\u30c4", False),
        ("User-agent: *\nDisallow: /a/\u30c4", "/a/%E3%83%84", False),
        ("User-agent: *\nDisallow: /A", "/a", True),
        # the table of 2.2.2, and 2.2.3
        ("User-agent: *\nDisallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        ("User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar",
         "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False),
        ("User-agent: *\nDisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar",
         "/foo/bar?baz=https://foo.bar", False),
        ("User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("User-agent: *\nDisallow: /a/b", "/a%2Fb", True),
        ("User-agent: *\nDisallow: /file-%2A.html", "/file-*.html", False),
        ("User-agent: *\nDisallow: /file-%2A.html", "/file-a.html", True),
        ("User-agent: *\nDisallow: /foo-%24", "/foo-$", False),
        # as files are written
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("USER-AGENT : * # all\r\n  disallow:/a # this", "/a", False),
        ("<!doctype html><p>User-agent: *<br>Disallow: /", "/a", True),
        (b"User-agent: *\nDisallow: /\xe9\nDisallow: /a", "/a", False),
        (b"\x00\xff\xfe" * 100, "/a", True),
        ("User-agent: *\nDisallow: /a".encode("utf-16"), "/a", False),
        (b"User-agent: *\nDisallow: /caf\xe9", "/caf%E9", False),
        (b"\0User-agent: *\nDisallow: /a\0", "/a", False),
        ("Useragent: *\nDissallow: /a", "/a", False),
        ("User-agent *\nDisallow /a", "/a", False),
        ("User agent: *\n\rDisallow:/a", "/a", False),
        ("", "/a", True),
    ],
)  # fmt: skip
def test_a_url_may_be_asked_for_as_the_file_says(rules: str | bytes, path: str, may: bool) -> None:
    assert allowed(rules, path) is may


def test_what_stands_beyond_the_limit_is_not_read_and_a_line_that_it_cuts_is_none() -> None:
    start = "User-agent: *\nDisallow: /a\n"
    filler = "# " + "x" * (MAX_BYTES - len(start) - 15) + "\n"
    body = f"{start}{filler}Disallow: /cut-here\nDisallow: /b\n"
    assert not allowed(body, "/a")
    assert allowed(body, "/b")
    assert allowed(body, "/cut")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("2.5", 2.5), ("10", 10.0), ("0", None), ("-5", None), ("nan", None), ("inf", None),
     ("soon", None), ("", None)],
)  # fmt: skip
def test_a_crawl_delay_is_a_number_of_seconds(said: str, seconds: float | None) -> None:
    file = read_robots_txt(f"User-agent: *\nCrawl-delay: {said}".encode(), "colporteur")
    assert file.crawl_delay == seconds


def test_the_crawl_delay_of_others_is_not_ours() -> None:
    said = b"User-agent: slowbot\nCrawl-delay: 60\n\nUser-agent: *\nAllow: /"
    assert read_robots_txt(said, "colporteur").crawl_delay is None


def test_a_name_with_a_digit_or_a_version_is_one() -> None:
    for product in ("news24bot", "News24Bot/2.0"):
        assert not allowed("User-agent: news24bot\nDisallow: /", "/", product)


# RFC 9309, section 5.1.
SIMPLE = """\
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("product", "may"),
    [
        ("foobot", [True, True, False, False]),
        ("barbot", [False, True, True, True]),
        ("BazBot", [False, True, True, True]),
        ("quxbot", [True, True, True, True]),
        ("colporteur", [False, False, False, True]),
    ],
)
def test_the_rfc_s_own_example_is_read_as_it_says(product: str, may: list[bool]) -> None:
    paths = ("/example/page.html", "/example/allowed.gif", "/a.gif", "/publications/a.html")
    assert [allowed(SIMPLE, path, product) for path in paths] == may


def test_preferences_hold_for_the_nearest_path() -> None:
    said = (
        "User-agent: *\nContent-Signal: search=yes, ai-train=no\nContent-Usage: train-ai=n\n"
        "Content-Usage: /open/ train-ai=y\n\nUser-agent: other\nContent-Usage: bots=n"
    )
    file = read_robots_txt(said.encode(), "colporteur")
    assert file.preferences_for("https://a.example/b") == (
        "Content-Signal: search=yes, ai-train=no",
        "Content-Usage: train-ai=n",
    )
    assert file.preferences_for("https://a.example/open/b") == (
        "Content-Signal: search=yes, ai-train=no",
        "Content-Usage: train-ai=y",
    )
    assert file.preferences_for("https://a.example") != ()


def test_a_preference_s_path_is_a_pattern_like_that_of_a_rule() -> None:
    said = "User-agent: *\nContent-Usage: /*.pdf$\ttrain-ai=n\nContent-Usage: /caf\u00e9/ bots=n"
    file = read_robots_txt(said.encode(), "colporteur")
    assert file.preferences_for("https://a.example/b.pdf") == ("Content-Usage: train-ai=n",)
    assert file.preferences_for("https://a.example/b.pdf?x") == ()
    assert file.preferences_for("https://a.example/caf%C3%A9/") == ("Content-Usage: bots=n",)


def test_a_hostile_file_costs_no_more_than_its_length() -> None:
    started = time.process_time()
    rules = "".join(f"Disallow: /{'*a' * 20}{number}$\n" for number in range(5_000))
    allowed(f"User-agent: *\n{rules}", "/" + "a" * 2_000)
    allowed("User-agent: *\n" * 40_000, "/a")
    assert time.process_time() - started < 5
