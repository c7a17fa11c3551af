from __future__ import annotations

from crawler.extract.document import find
from crawler.extract.images import read_images
from crawler.items import Image
from tests.extract.pages import document, page


def images(body: str) -> tuple[Image, ...]:
    parsed = document(page(body))
    return read_images(parsed, find(parsed.root, "//*[@id='story']")[0])


def test_the_picture_over_the_story_counts_where_it_has_a_caption() -> None:
    lead = '<figure><img src="/a.jpg"><figcaption>Le pont</figcaption></figure>'
    logo = '<figure><img src="/logo.png"></figure>'
    story = '<div id="story"><img src="/b.jpg"></div>'
    after = '<figure><img src="/c.jpg"><figcaption>Autre histoire</figcaption></figure>'
    assert images(f"<article>{logo}{lead}{story}{after}</article>") == (
        Image("https://gazette.example/a.jpg", "Le pont"),
        Image("https://gazette.example/b.jpg"),
    )


def test_a_picture_that_only_has_a_set_of_sources_is_the_first_of_them() -> None:
    story = (
        '<div id="story"><img srcset="/a-400.jpg 400w, /a-800.jpg 800w">'
        '<picture><source srcset="/b-400.webp 1x"><img src="data:image/gif;base64,AA"></picture>'
        "</div>"
    )
    assert [image.url for image in images(story)] == [
        "https://gazette.example/a-400.jpg",
        "https://gazette.example/b-400.webp",
    ]


def test_a_caption_that_a_class_names_is_the_one_picture_s_beside_it() -> None:
    box = '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">Le pont</p></div>'
    two = (
        '<div><img src="/b.jpg"><img src="/c.jpg"><p class="caption">Le pont et la mairie</p></div>'
    )
    assert images(f'<div id="story">{box}{two}</div>') == (
        Image("https://gazette.example/a.jpg", "Le pont"),
        Image("https://gazette.example/b.jpg"),
        Image("https://gazette.example/c.jpg"),
    )
