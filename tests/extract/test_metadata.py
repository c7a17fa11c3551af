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


def test_a_date_that_cannot_be_is_kept_in_its_own_words() -> None:
    said = json_ld('{"@type": "NewsArticle", "datePublished": "9999-12-31"}')
    found = read(said, "", "https://a.example/x")
    assert (found.date_published, found.date_published_raw) == (None, "9999-12-31")
    assert "date_published" not in found.sources


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


def test_the_section_is_the_last_breadcrumb_that_leads_up() -> None:
    crumbs = (
        '{"name":"Accueil","item":"https://gazette.example/"},'
        '{"name":"Vallée","item":"https://gazette.example/vallee/"},'
        '{"name":"Le pont rouvre","item":"%s"}'
    )
    listed = json_ld(f'{{"@type":"BreadcrumbList","itemListElement":[{crumbs % URL}]}}')
    assert read(listed).section == "Vallée"
    assert read(listed).sources["section"] == "heuristic"
    meta = '<meta property="article:section" content="Ponts">'
    assert read(listed + meta).section == "Ponts"


def test_the_publisher_is_no_headline_and_the_site_s_own_node_serves_last() -> None:
    meta = '<meta property="{}" content="Le pont">'
    same = meta.format("og:title") + meta.format("og:site_name")
    assert read(same).publisher is None
    site = json_ld('{"@type":"WebSite","name":"La Gazette"}')
    assert read(same + site).publisher == "La Gazette"


def test_the_name_in_a_publisher_s_item_is_the_publisher() -> None:
    body = (
        '<article itemscope itemtype="https://schema.org/NewsArticle"><div itemprop="publisher" '
        'itemscope><img alt="x"><b itemprop="name">La Gazette</b> depuis 1890</div></article>'
    )
    found = read("", body)
    assert (found.publisher, found.sources["publisher"]) == ("La Gazette", "microdata")


def test_an_article_that_is_not_free_says_so_and_by_whom_it_is_said() -> None:
    found = read('<meta property="article:content_tier" content="locked">')
    assert found.is_accessible_for_free is False
    assert found.sources["is_accessible_for_free"] == "meta"


def test_no_comments_is_a_count() -> None:
    found = read(json_ld('{"@type":"NewsArticle","headline":"Le pont","commentCount":0}'))
    assert found.comment_count == 0


def test_the_language_falls_back_to_what_json_ld_and_meta_state() -> None:
    html = page("<h1>Pont</h1>", '<meta property="og:locale" content="br_FR">')
    html = html.replace(b'<html lang="fr">', b"<html>")
    assert read_metadata(document(html), structured(html)).in_language == "br-FR"


def test_a_section_is_a_name_and_no_path_nor_list() -> None:
    def section(stated: str) -> str | None:
        return read(f'<meta property="article:section" content="{stated}">').section

    assert section("/monde/proche_orient") == "proche orient"
    assert section("news,nation") == "nation"
    assert section("vallée,ponts") == "vallée"
    assert section("news") == "news"
    assert section("Arts, ponts et chaussées") == "Arts, ponts et chaussées"


def test_a_publisher_s_address_serves_only_for_want_of_its_name() -> None:
    head = '<meta property="og:site_name" content="http://www.gazette.example">'
    assert read(head).publisher == "gazette.example"
    named = json_ld('{"@type":"WebSite","name":"La Gazette"}')
    assert read(head + named).publisher == "La Gazette"
    assert read('<meta property="og:site_name" content="Gazette.com">').publisher == "Gazette.com"
