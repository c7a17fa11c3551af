from __future__ import annotations

import tomllib

import pytest

from crawler.toml_lines import line_of, statements, syntax_mistake

TEXT = '''# a comment = "no statement"
[first]   # [not.this]
url = "https://a.example.org/"

feeds = [
  # "https://a.example.org/two",
  "https://a.example.org/one",   # ]
  "https://a.example.org/two",
]
"language" = """
[second]
"""

  [ "second.org" ]
  'url'="https://b.example.org/"
third = { url = "https://c.example.org/", language = "fr" }
fourth.url = "https://d.example.org/"
'''


def test_statements_end_where_tomllib_says() -> None:
    assert [(statement.line, statement.path) for statement in statements(TEXT)] == [
        (2, ("first",)),
        (3, ("first", "url")),
        (5, ("first", "feeds")),
        (10, ("first", "language")),
        (14, ("second.org",)),
        (15, ("second.org", "url")),
        (16, ("second.org", "third")),
        (17, ("second.org", "fourth", "url")),
    ]


def test_a_value_in_a_list_of_many_lines_has_its_own_line() -> None:
    assert line_of(TEXT, ("first", "feeds"), "https://a.example.org/two") == 8


def test_a_key_that_is_not_there_is_told_by_its_table() -> None:
    assert line_of(TEXT, ("second.org", "feeds")) == 14


def test_a_key_of_an_inline_table_is_told_by_its_statement() -> None:
    assert line_of('third = { url = "a", language = "fr" }', ("third", "language")) == 1


def test_windows_line_ends_count_once() -> None:
    assert line_of(TEXT.replace("\n", "\r\n"), ("second.org", "url")) == 15


def test_what_is_not_in_the_text_has_no_line() -> None:
    assert line_of(TEXT, ("fifth",)) is None


@pytest.mark.parametrize(
    ("text", "line", "table", "message"),
    [
        ('[a]\nurl = "x"\n\nlanguage = fr\n', 4, "a", "Invalid value"),
        ("url\n", 1, None, "Expected '='"),
        ('[a]\nfeeds = [\n  "x"\n  "y"\n]\n', 4, "a", "Unclosed array in what begins on line 2"),
        ('[a]\nurl = "x"\nfeeds = [\n  "y",\n', 3, "a", "Invalid value"),
        ('[a]\nurl = """x\n\n[b]\n', 2, "a", "Unterminated string"),
        ("[a]\nx = 1\n[b]\nx = 2\n[a]\n", 5, "a", "'a' is given twice, first on line 1"),
        ("[a]\nx = 1\nx = [\n2]\n", 3, "a", "'x' is given twice, first on line 2"),
        ("[a]\nx = 1\n[a.x]\n", 3, "a", "'x' is given twice, first on line 2"),
    ],
)
def test_broken_toml_is_told_with_its_line(
    text: str, line: int, table: str | None, message: str
) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    mistake = syntax_mistake(text, caught.value)
    assert (mistake.line, mistake.table) == (line, table)
    assert message in mistake.message
    assert "(at " not in mistake.message


def test_a_string_never_closed_is_told_where_it_begins_in_a_file_of_any_length() -> None:
    text = '[a]\nurl = """\n' + '[b]\nurl = "x"\n' * 5_000
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert syntax_mistake(text, caught.value).line == 2
