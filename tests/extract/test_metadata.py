from __future__ import annotations

from crawler.extract.metadata import Metadata, read_metadata
from tests.extract.pages import URL, document, json_ld, page, structured


def read(head: str, body: str = "", url: str = URL) -> Metadata:
    html = page(body, head)
    return read_metadata(document(html, url), structured(html, url))


def test_json_ld_wins_over_meta_and_the_winner_is_named() -> None:
    found = read(
        json_ld(
            '{"@type":"NewsArticle","headline":"Le pont de bois rouvre","datePublished":'
            '"2025-06-03T08:00:00+02:00","articleSection":"Vallée","keywords":"pont, bois, Pont",'
            '"publisher":{"name":"La Gazette"},"isAccessibleForFree":"False","commentCount":"2",'
            '"image":[{"url":"/pont.jpg"}]}'
        )
        + '<meta property="article:published_time" content="2025-06-04T08:00:00Z">'
        + '<meta name="keywords" content="autre">'
    )
    assert found.date_published is not None
    assert found.date_published.isoformat() == "2025-06-03T08:00:00+02:00"
    assert (found.section, found.publisher, found.keywords) == (
        "Vallée", "La Gazette", ("pont", "bois"),
    )  # fmt: skip
    assert (found.is_accessible_for_free, found.comment_count) == (False, 2)
    assert found.main_image == "https://gazette.example/pont.jpg"
    assert found.sources["date_published"] == found.sources["keywords"] == "json-ld"


def test_meta_tags_serve_where_json_ld_is_silent() -> None:
    found = read(
        '<meta property="og:description" content="Enfin."><meta name="author" content="Ann Lee">'
        '<meta property="og:site_name" content="La Gazette">'
        '<meta property="article:tag" content="pont">'
        '<meta property="article:tag" content="bois"><meta name="keywords" content="x">'
    )
    assert (found.description, found.authors, found.keywords) == (
        "Enfin.", ("Ann Lee",), ("pont", "bois"),
    )  # fmt: skip
    assert found.sources["authors"] == "meta"


def test_the_date_a_reader_sees_serves_last() -> None:
    shown = read("", '<div class="post-date">Publié le 3 juin 2025 à midi</div>')
    assert shown.date_published_raw == "3 juin 2025"
    assert shown.sources["date_published"] == "heuristic"
    assert read("", "", "https://a.example/2025/06/03/x").date_published_raw is None
    assert read("", "<h1>Pont</h1><i>3 juin 2025</i>", "https://a.example/x").date_published


def test_an_impossible_date_gives_way_to_the_next_source() -> None:
    found = read(
        json_ld('{"@type":"NewsArticle","datePublished":"0001-01-01T00:00:00"}')
        + '<meta name="date" content="2025-06-03">'
    )
    assert found.date_published_raw == "2025-06-03"


def test_a_canonical_url_on_another_site_is_not_believed() -> None:
    link = '<link rel="canonical" href="{}">'
    assert read(link.format("/pont/")).canonical_url == "https://gazette.example/pont/"
    assert read(link.format("https://m.gazette.example/p")).canonical_url is not None
    assert read(link.format("https://autre.example2/p")).canonical_url is None


def test_the_language_is_the_page_s_own() -> None:
    assert read("").in_language == "fr"


def test_the_first_date_is_not_that_of_the_last_change() -> None:
    body = (
        '<h1>Pont</h1><p class="date">Mis à jour le 5 juin 2025</p>'
        '<p class="date">Publié le 3 juin 2025</p>'
    )
    assert read("", body, "https://a.example/x").date_published_raw == "3 juin 2025"
    times = (
        '<time datetime="2024-01-01">un autre article</time><h1>Pont</h1>'
        '<time class="updated" datetime="2025-06-05"></time><time datetime="2025-06-03"></time>'
    )
    assert read("", times).date_published_raw == "2025-06-03"


def test_a_date_after_a_line_break_below_the_headline_counts() -> None:
    body = "<h1>Pont</h1><p>Claude Bohec<br>3 juin 2025</p>"
    assert read("", body, "https://a.example/x").date_published_raw == "3 juin 2025"
