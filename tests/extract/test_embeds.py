from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.items import Article, Block
from tests.extract.pages import PROSE, URL, page, story

PARAGRAPHS = [part.removeprefix("<p>") for part in PROSE.split("</p>") if part]
TUBE = "https://www.youtube.com/watch?v=abcDEF12345"
TWEET = "https://twitter.com/pont/status/123456789012"


def article(html: bytes) -> Article:
    found = extract(html, URL)
    assert isinstance(found, Article), found
    return found


def embeds(html: bytes) -> list[str]:
    return [block.text for block in article(html).blocks if block.type == "embed"]


@pytest.mark.parametrize(
    ("markup", "post"),
    [
        ('<iframe src="https://www.youtube.com/embed/abcDEF12345?rel=0"></iframe>', TUBE),
        ('<iframe data-src="//www.youtube-nocookie.com/embed/abcDEF12345"></iframe>', TUBE),
        ('<iframe src="about:blank" data-lazy="https://youtu.be/abcDEF12345"></iframe>', TUBE),
        ('<lite-youtube videoid="abcDEF12345"><button>Lire</button></lite-youtube>', TUBE),
        ('<amp-youtube data-videoid="abcDEF12345" width="4" height="3"></amp-youtube>', TUBE),
        ('<div class="lazy-youtube" data-id="abcDEF12345"><img src="i.jpg"></div>', TUBE),
        ('<figure class="wp-block-embed is-type-video"><div class="wp-block-embed__wrapper">'
         '<iframe src="https://www.youtube.com/embed/abcDEF12345"></iframe></div></figure>', TUBE),
        ('<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
         "https://www.youtube.com/watch?v=abcDEF12345\n</div></figure>", TUBE),
        ('<div class="video-player"><noscript><iframe src="https://www.youtube.com/embed/'
         'abcDEF12345"></iframe></noscript></div>', TUBE),
        ('<amp-twitter data-tweetid="123456789012"></amp-twitter>',
         "https://twitter.com/i/status/123456789012"),
        ('<iframe src="https://platform.twitter.com/embed/Tweet.html?dnt=false&amp;id=123456789012">'
         "</iframe>", "https://twitter.com/i/status/123456789012"),
        ('<amp-instagram data-shortcode="CxYz12345_-"></amp-instagram>',
         "https://www.instagram.com/p/CxYz12345_-/"),
        ('<iframe src="https://www.instagram.com/reel/CxYz12345_-/embed/captioned/"></iframe>',
         "https://www.instagram.com/reel/CxYz12345_-/"),
        ('<iframe src="https://player.vimeo.com/video/76543210?h=1"></iframe>',
         "https://vimeo.com/76543210"),
        ('<iframe src="https://geo.dailymotion.com/player/xabc.html?video=x8abcde"></iframe>',
         "https://www.dailymotion.com/video/x8abcde"),
        ('<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook'
         '.com%2Fpont%2Fposts%2F4242&amp;width=500"></iframe>',
         "https://www.facebook.com/pont/posts/4242"),
        ('<div class="fb-video" data-href="https://www.facebook.com/pont/videos/4243/"></div>',
         "https://www.facebook.com/pont/videos/4243/"),
        ('<iframe src="https://www.tiktok.com/embed/v2/7012345678901234567"></iframe>',
         "https://www.tiktok.com/embed/v2/7012345678901234567"),
        ('<iframe src="https://embed.bsky.app/embed/did:plc:abc/app.bsky.feed.post/3kxyz"></iframe>',
         "https://bsky.app/profile/did:plc:abc/post/3kxyz"),
        ('<iframe class="mastodon-embed" src="https://gue.example/@pont/110234567890/embed">'
         "</iframe>", "https://gue.example/@pont/110234567890"),
        ('<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.net/'
         '@pont/post/Cabc123"><a href="https://www.threads.net/@pont">Voir</a></blockquote>',
         "https://www.threads.net/@pont/post/Cabc123"),
    ],
)  # fmt: skip
def test_an_embedded_post_is_a_block_of_its_own_between_the_paragraphs(
    markup: str, post: str
) -> None:
    first, rest = PROSE.split("</p>", 1)
    found = article(story(f"{first}</p>{markup}{rest}"))
    assert found.blocks == (
        Block("paragraph", PARAGRAPHS[0]),
        Block("embed", post),
        Block("paragraph", PARAGRAPHS[1]),
        Block("paragraph", PARAGRAPHS[2]),
    )
    assert found.article_body.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<blockquote class="twitter-tweet"><p lang="fr">Le pont est <a href="https://t.co/a">'
         "ouvert</a>, dit le maire.</p>&mdash; La commune (@pont) "
         f'<a href="{TWEET}?ref_src=twsrc">3 juin 2025</a></blockquote>'
         '<script async src="https://platform.twitter.com/widgets.js"></script>',
         f"{TWEET}\nLe pont est ouvert, dit le maire."),
        ('<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/'
         'CxYz12345/?utm_source=ig"><div><a href="https://www.instagram.com/p/CxYz12345/">Voir '
         'cette publication</a><p><a href="https://www.instagram.com/p/CxYz12345/">Une publication '
         "de la commune</a></p></div></blockquote>", "https://www.instagram.com/p/CxYz12345/"),
        ('<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@pont/video/7012345678901">'
         '<section><a href="https://www.tiktok.com/@pont">@pont</a><p>Les ânes passent.</p>'
         "</section></blockquote>",
         "https://www.tiktok.com/@pont/video/7012345678901\nLes ânes passent."),
        ('<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:abc/app.bsky.feed.post/'
         '3kxyz"><p>Le gué est à sec.</p>La commune</blockquote>',
         "https://bsky.app/profile/did:plc:abc/post/3kxyz\nLe gué est à sec."),
    ],
)  # fmt: skip
def test_what_a_post_says_stands_below_its_address(markup: str, text: str) -> None:
    first, rest = PROSE.split("</p>", 1)
    found = article(story(f'{first}</p><div class="social-embed">{markup}</div>{rest}'))
    assert [block.text for block in found.blocks if block.type == "embed"] == [text]
    assert found.article_body.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="https://www.google.com/maps/embed?pb=1"></iframe>',
        '<iframe src="https://ads.example/slot?id=1"></iframe>',
        '<iframe src="https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fa.example%2F">'
        "</iframe>",
        '<iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com'
        '%2Fgazette"></iframe>',
        '<div class="twitter-follow"><a href="https://twitter.com/gazette">Suivre</a></div>',
    ],
)
def test_maps_advertisements_and_a_service_s_buttons_are_no_posts(markup: str) -> None:
    assert embeds(story(PROSE.replace("</p><p>", f"</p>{markup}<p>", 1))) == []


def test_posts_outside_the_article_do_not_come_in() -> None:
    player = '<iframe src="https://www.youtube.com/embed/abcDEF1234{}"></iframe>'
    html = page(
        f"<header>{player.format(0)}</header><main><article><h1>Le pont de bois rouvre après dix "
        f"ans</h1>{PROSE}{player.format(5)}"
        f'<div class="related-videos"><h3>À voir aussi</h3>{player.format(1)}</div>'
        f"<p>Lire aussi : le bac</p>{player.format(4)}</article>"
        f"<aside>{player.format(2)}</aside></main><footer>{player.format(3)}</footer>"
    )
    assert embeds(html) == [TUBE]


def test_a_video_between_headline_and_story_opens_it() -> None:
    html = page(
        "<h1>Le pont de bois rouvre après dix ans</h1><div><iframe src='https://youtu.be/"
        f"abcDEF12345'></iframe></div><p>Par Maëlle</p><div class=article-body>{PROSE}</div>"
    )
    found = article(html)
    assert found.blocks[0] == Block("embed", TUBE)
    assert found.article_body.split("\n\n") == PARAGRAPHS


def test_a_lazy_player_and_its_copy_without_script_are_one_post() -> None:
    lazy = (
        '<div class="youtube-player" data-id="abcDEF12345"></div>'
        '<noscript><iframe src="https://www.youtube.com/embed/abcDEF12345"></iframe></noscript>'
    )
    assert embeds(story(PROSE.replace("</p><p>", f"</p>{lazy}<p>", 1))) == [TUBE]


def test_a_page_whose_only_text_is_in_posts_has_no_body_of_them() -> None:
    tweet = f'<blockquote class="twitter-tweet"><p>{"Un long message. " * 40}</p><a href="{TWEET}">'
    found = extract(story(f"{tweet}3 juin</a></blockquote>" * 5), URL)
    assert not isinstance(found, Article)


@pytest.mark.parametrize("kind", ["instagram-media", "twitter-tweet", "youtube-embed", "fb-post"])
def test_a_story_in_a_box_that_bears_a_service_s_name_is_not_lost(kind: str) -> None:
    html = story(f'<div class="{kind} post-content">{PROSE}<p><a href="{TWEET}">ici</a></p></div>')
    assert article(html).article_body.split("\n\n")[:3] == PARAGRAPHS


def test_a_service_s_blockquote_that_is_never_closed_does_not_swallow_the_story() -> None:
    html = story(f'<blockquote class="twitter-tweet"><a href="{TWEET}">3 juin</a>{PROSE * 20}')
    assert PARAGRAPHS[2] in article(html).article_body
