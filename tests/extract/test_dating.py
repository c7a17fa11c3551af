from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract.dating import published_dates
from tests.extract.pages import URL, document, json_ld, page, structured


def published(body: str, head: str = "", url: str = URL) -> datetime | None:
    html = page(body, head)
    dates = published_dates(document(html, url), structured(html, url), "fr")
    return next((dated[0] for _, dated in dates if dated is not None), None)


def test_a_time_that_a_theme_calls_published_and_updated_is_the_publications() -> None:
    own = '<time class="entry-date published updated" datetime="2025-03-02T01:09:40Z">2 mars</time>'
    reply = '<li class="comment"><time datetime="2025-03-02T09:18:28Z">2 mars</time></li>'
    found = published(f"<article><h1>Le pont</h1><footer>{own}</footer></article><ol>{reply}</ol>")
    assert found == datetime(2025, 3, 2, 1, 9, 40, tzinfo=UTC)


def test_the_time_of_a_comment_is_not_the_articles() -> None:
    reply = '<li class="comment"><time datetime="2025-03-02T09:18:28Z">un jour</time></li>'
    assert (
        published(f"<article><h1>Le pont</h1><p>Il rouvre.</p></article><ol>{reply}</ol>") is None
    )


LONG = (
    "<p>" + "Le facteur, trois écoliers et un âne ont passé le pont de bois ce matin. " * 2 + "</p>"
)


def test_a_line_that_is_a_date_below_the_headline_goes_before_a_named_one_of_other_stories() -> (
    None
):
    others = '<ul><li class="related-date">1 mai 2025</li></ul>'
    found = published(f"<h1>Le pont</h1><div>3 juin 2025</div>{LONG * 3}{others}")
    assert found == datetime(2025, 6, 3, tzinfo=UTC)


def test_a_line_above_the_headline_is_the_articles_where_it_stands_close() -> None:
    others = '<ul><li class="related-date">1 mai 2025</li></ul>'
    body = f"<h5>3 juin 2025</h5><h1>Le pont</h1>{LONG * 3}{others}"
    assert published(body) == datetime(2025, 6, 3, tzinfo=UTC)
    far = "<i></i>" * 20
    body = f"<h5>3 juin 2025</h5>{far}<h1>Le pont</h1>{LONG * 3}{others}"
    assert published(body) == datetime(2025, 5, 1, tzinfo=UTC)


def test_a_time_above_the_headline_goes_before_one_below_the_story() -> None:
    own = '<time datetime="2025-06-03T08:00:00Z">un jour</time>'
    other = '<time datetime="2025-06-05T08:00:00Z">un autre</time>'
    found = published(f"{own}<h1>Le pont</h1>{LONG * 3}{other}")
    assert found == datetime(2025, 6, 3, 8, tzinfo=UTC)


def test_a_change_is_the_publication_only_for_want_of_another_date() -> None:
    changed = "<p>Mis à jour le 5 juin 2025</p>"
    assert published(f"<h1>Le pont</h1>{changed}") == datetime(2025, 6, 5, tzinfo=UTC)
    found = published(f"<h1>Le pont</h1>{changed}{LONG * 3}<p>3 juin 2025</p>")
    assert found == datetime(2025, 6, 3, tzinfo=UTC)


def test_a_moment_told_in_utc_gets_the_zone_that_another_source_tells() -> None:
    stated = json_ld('{"@type":"NewsArticle","datePublished":"2025-06-02T22:30:00Z"}')
    meta = '<meta name="date" content="2025-06-03T00:30:00+02:00">'
    found = published("<h1>Le pont</h1>", stated + meta)
    assert found is not None
    assert found.isoformat() == "2025-06-03T00:30:00+02:00"
    other = '<meta name="date" content="2025-06-03T00:31:30+02:00">'
    found = published("<h1>Le pont</h1>", stated + other)
    assert found is not None
    assert found.isoformat() == "2025-06-02T22:30:00+00:00"


def test_the_day_in_the_url_serves_where_the_page_shows_none() -> None:
    assert published("<h1>Le pont</h1>", url="https://gazette.example/20250603/a") == datetime(
        2025, 6, 3, tzinfo=UTC
    )


def test_a_word_that_two_elements_glue_to_a_month_is_no_part_of_it() -> None:
    line = '<div class="meta"><b>Bohec</b><i>juin 3, 2025</i></div>'
    assert published(f"<h1>Le pont</h1>{line}") == datetime(2025, 6, 3, tzinfo=UTC)


def shown(body: str, headline: str = "", head: str = "") -> datetime | None:
    html = page(body, head)
    url = "https://gazette.example/pont.html"
    dates = published_dates(document(html, url), structured(html, url), None, headline)
    return next((dated[0] for _, dated in dates if dated is not None), None)


def test_the_time_of_day_beside_the_day_is_kept() -> None:
    found = shown("<h1>Le pont</h1><p class='date'>3 juin 2025 à 8h05 par Ann Lee</p>")
    assert found == datetime(2025, 6, 3, 8, 5, tzinfo=UTC)


def test_a_page_without_an_h1_is_dated_where_it_shows_its_headline() -> None:
    today = "<p class='date'>1 juillet 2025</p>"
    own = "<div class='h'>Le pont de bois</div><span class='time'>3 juin 2025</span>"
    others = "<ul><li class='time'>1 mai 2025</li></ul>"
    found = shown(f"{today}{own}{LONG * 3}{others}", "Le pont de bois")
    assert found == datetime(2025, 6, 3, tzinfo=UTC)


def test_the_h1_of_the_site_is_not_where_its_story_is_dated() -> None:
    logo = "<h1>Le carnet des ponts</h1><a href='/m'>Le guet du 1 mai 2025, vu du pont</a>"
    own = "<h2>Le pont de bois</h2><span>3 juin 2025</span>"
    assert shown(f"{logo}{own}{LONG * 3}", "Le pont de bois") == datetime(2025, 6, 3, tzinfo=UTC)


def test_a_day_in_the_title_of_another_story_dates_nothing() -> None:
    link = "<a href='/m'>La crue du 1 mai 2025 en images</a>"
    own = "<p class='date'>3 juin 2025</p>"
    assert shown(f"<h1>Le pont</h1>{link}{own}{LONG * 3}") == datetime(2025, 6, 3, tzinfo=UTC)


def test_a_day_that_no_reader_sees_dates_nothing() -> None:
    hidden = "<div style='display: none'><p>1 mai 2025</p></div>"
    own = "<p class='date'>3 juin 2025</p>"
    assert shown(f"<h1>Le pont</h1>{hidden}{own}{LONG * 3}") == datetime(2025, 6, 3, tzinfo=UTC)


def test_a_press_release_is_dated_before_its_first_dash() -> None:
    told = "BREST, June 3, 2025 -- The bridge has opened again, ten years after the flood took it."
    assert shown(f"<h1>Le pont</h1><p>{told}</p>") == datetime(2025, 6, 3, tzinfo=UTC)
    told = "Brest (3.6.2025). Le pont de bois a rouvert, dix ans après la crue qui l’avait pris."
    assert shown(f"<h1>Le pont</h1><p><strong>{told}</strong></p>") is not None
    prose = "The bridge that the flood took on June 3, 2025 has opened again after ten years."
    assert shown(f"<h1>Le pont</h1><p>{prose}</p>") is None


def test_a_chinese_line_with_three_pairs_of_figures_begins_with_the_year() -> None:
    line = '<span class="date">发布时间：18-03-08</span>'
    assert shown(f"<h1>木桥重新开放</h1>{line}") == datetime(2018, 3, 8, tzinfo=UTC)


def test_an_abbreviation_with_a_moment_is_a_time_as_microformats_set_it() -> None:
    body = "<h1>Le pont</h1><abbr title='2025-06-03T08:00:00Z'>il y a une heure</abbr>"
    assert shown(body) == datetime(2025, 6, 3, 8, tzinfo=UTC)
    assert shown("<h1>Le pont</h1><abbr title='2025-06-03 crue'>la crue</abbr>") is None


def test_a_script_dates_the_story_for_want_of_anything_else() -> None:
    script = '<script>var story = {"newsTime": "2025-06-03 08:05:32"};</script>'
    assert shown(f"<h1>Le pont</h1>{script}") == datetime(2025, 6, 3, 8, 5, 32, tzinfo=UTC)
    own = "<p class='date'>4 juin 2025</p>"
    assert shown(f"<h1>Le pont</h1>{script}{own}") == datetime(2025, 6, 4, tzinfo=UTC)


def test_a_title_that_begins_with_a_day_dates_the_story_for_want_of_another() -> None:
    title = "03.06.2025 - Le pont de bois rouvre, dix ans après la crue qui l’avait emporté"
    html = page(f"<h1>Le pont</h1>{LONG}", title=title)
    url = "https://gazette.example/pont.html"
    dates = published_dates(document(html, url), structured(html, url), "de")
    assert [dated[0].day for _, dated in dates if dated] == [3]
