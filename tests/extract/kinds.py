"""A page of each kind, on one small site, for telling articles from what is none."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.errors import Reason
from tests.extract.pages import json_ld

HOST = "https://gazette.example"
_SITE = json_ld(
    '[{"@type":"Organization","name":"The Ford Gazette"},{"@type":"WebSite","name":"The Ford '
    'Gazette"}]'
)
_NEWS = json_ld('{"@type":"NewsArticle","datePublished":"2025-06-03T08:00:00+02:00"}')
_FRAME = (
    '<header><nav><a href="/">Home</a><a href="/news/">News</a><a href="/login">Sign in</a></nav>'
    "</header><main>{}</main><footer><p>The Ford Gazette, Mill Lane 4.</p></footer>"
)
_BYLINE = '<p class="byline">By Ann Weir</p><time datetime="2025-06-03">3 June 2025</time>'
PROSE = (
    "<p>The wooden bridge opened again on Tuesday morning, ten years after the flood that took "
    "both of its piers. A postman, three pupils and a donkey crossed first, in that order.</p>"
    "<p>“Nobody believed that it would be done before the hay,” said the mayor, who had to cut the "
    "ribbon with a bread knife because her scissors were still on the wrong bank.</p>"
    "<p>The council chose larch from the valley, which is slow to lay but easily replaced. For "
    "once the work was cheaper than planned, and he who counts the money slept well, they say.</p>"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A page of a kind: where it stands, its head, its main part, and why it is refused, if so."""

    path: str
    title: str
    main: str
    head: str = ""
    body_class: str = ""
    reason: Reason | None = None

    @property
    def url(self) -> str:
        return HOST + self.path

    @property
    def html(self) -> bytes:
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{self.title}'
            f'</title>{self.head}</head><body class="{self.body_class}">'
            f"{_FRAME.format(f'<h1>{self.title}</h1>{self.main}')}</body></html>"
        ).encode()


def _teasers(path: str, count: int = 14) -> str:
    return "".join(
        f'<article class="card"><h2><a href="{path}{n}">What the river left behind, part {n}</a>'
        f"</h2><p>A sentence of part {n} that makes one want to read it.</p></article>"
        for n in range(count)
    )


def _posts(count: int = 6) -> str:
    return "".join(
        f'<div class="message"><h4><a href="/members/{n}">miller{n}</a></h4><p>Joined 2019, '
        f"{n * 31} posts</p><p>Mine creaked for {n + 1} winters until I oiled the pegs, so I would "
        "not worry about yours before the thaw, whatever the neighbours say.</p><a>Reply</a></div>"
        for n in range(count)
    )


ARTICLES = {
    "short news of three sentences": Kind(
        "/news/ford-closed-after-night-of-rain",
        "Ford closed after a night of rain",
        _BYLINE + "<p>The ford below the mill has been closed since Tuesday. The water stands at "
        "the second mark. Carts go round by the wooden bridge.</p>",
        _NEWS,
    ),
    "live blog": Kind(
        "/news/live/2025-06-03-bridge-opening",
        "Live: the wooden bridge opens",
        _BYLINE
        + "".join(
            f"<section><time>{9 + n}:15</time><h3>Cart number {n + 1} is across</h3><p>The mayor "
            f"waved at cart number {n + 1}, which had waited since dawn and whose horse had to be "
            "persuaded with a carrot.</p></section>"
            for n in range(8)
        ),
        json_ld('{"@type":"LiveBlogPosting","datePublished":"2025-06-03T08:00:00+02:00"}'),
    ),
    "gallery with captions": Kind(
        "/pictures/bridge-opening-in-pictures",
        "The opening of the bridge in pictures",
        _BYLINE
        + "<p>Our photographer stood in the river up to her knees from six in the morning, and she "
        "brought back eight pictures and a cold.</p>"
        + "".join(
            f'<figure><img src="/{n}.jpg"><figcaption>Picture {n}: the crowd waits on the left '
            "bank while they look for the scissors.</figcaption></figure>"
            for n in range(8)
        ),
        _NEWS + '<meta property="og:type" content="article">',
    ),
    "recipe of a blog": Kind(
        "/blog/2025/05/nettle-soup-for-a-cold-may",
        "Nettle soup for a cold May",
        _BYLINE + "<p>My grandmother picked her nettles before anyone was awake, because she was "
        "ashamed to be seen at it. The soup she made of them was the best of the valley.</p>"
        "<h2>What goes in</h2><ul><li>Two handfuls of young nettles</li><li>One potato</li>"
        "<li>An onion</li></ul><h2>How it is done</h2><ol><li>Sweat the onion until it gives up."
        "</li><li>Boil the potato in it, and put the nettles in last of all.</li></ol>"
        '<a href="https://www.facebook.com/sharer.php">Share</a>',
        json_ld('[{"@type":"Recipe","name":"Nettle soup"},{"@type":"BlogPosting"}]'),
        "single single-post postid-7",
    ),
    "episode of a podcast": Kind(
        "/podcast/the-man-who-counts-donkeys",
        "Episode 12: the man who counts donkeys",
        _BYLINE + '<audio src="/12.mp3"></audio>' + PROSE,
        '<meta property="og:type" content="article">',
        "single single-post",
    ),
    "press release": Kind(
        "/press-releases/larch-bridge-replaces-the-ford",
        "Larch bridge replaces the ford after ten years",
        f"<p>Ford, 3 June 2025</p>{PROSE}",
    ),
    "video with text": Kind(
        "/video/how-the-last-pier-was-set",
        "How the last pier was set",
        f'{_BYLINE}<video src="/pier.mp4"></video>{PROSE}',
        json_ld('[{"@type":"VideoObject"},{"@type":"NewsArticle"}]'),
    ),
}

OTHERS = {
    "home page": Kind("/", "The Ford Gazette", _teasers("/news/"), _SITE, "", Reason.HOME_PAGE),
    "category": Kind(
        "/category/river/", "River", _teasers("/news/"), _SITE, "", Reason.LISTING_PAGE
    ),
    "tag": Kind("/tag/larch/", "Larch", _teasers("/news/"), "", "archive tag", Reason.LISTING_PAGE),
    "results of a search": Kind(
        "/search?q=bridge", "Results for “bridge”", _teasers("/news/"), "", "", Reason.LISTING_PAGE
    ),
    "page of an author": Kind(
        "/author/ann-weir/",
        "Ann Weir",
        "<p>Ann Weir has written about the river since she could hold a pen.</p>"
        + _teasers("/news/"),
        '<meta property="og:type" content="profile">',
        "archive author",
        Reason.AUTHOR_PAGE,
    ),
    "product": Kind(
        "/products/wooden-donkey",
        "Wooden donkey",
        '<p class="product-price">€34.90</p><button>Add to cart</button><a href="/cart">Cart</a>'
        "<p>Carved from one piece of larch and oiled by hand, our donkey stands on your shelf or "
        "goes to bed with your children.</p>",
        json_ld('{"@type":"Product","name":"Wooden donkey"}'),
        "single-product",
        Reason.PRODUCT_PAGE,
    ),
    "thread of a forum": Kind(
        "/forum/threads/creaking-larch.12/",
        "Creaking larch, anyone?",
        _posts(),
        json_ld('{"@type":"DiscussionForumPosting"}'),
        "",
        Reason.FORUM_PAGE,
    ),
    "documentation": Kind(
        "/docs/v2.1/saw.html",
        "saw: Manual",
        "<p>Runs the saw over the files given.</p><pre>saw --teeth 3 FILE</pre>"
        + "".join(f"<h3><code>--teeth{n}</code></h3><p>Sets tooth {n}.</p>" for n in range(9)),
        '<meta name="generator" content="Sphinx 7">',
        "",
        Reason.SERVICE_PAGE,
    ),
    "login": Kind(
        "/login",
        "Sign in",
        "<form><input name=a><input type=password><button>Sign in</button></form>"
        "<p>Sign in to read on.</p>",
        reason=Reason.LOGIN_PAGE,
    ),
    "error that says 200": Kind(
        "/news/2025/06/the-bridge-that-was",
        "Page not found",
        f"<p>What you look for went down the river. Try one of these.</p>{_teasers('/news/', 3)}",
        reason=Reason.ERROR_PAGE,
    ),
    "offer of a service": Kind(
        "/services/bridge-building/",
        "Bridge building services",
        "<h2>Why choose us</h2><p>We build your bridge while you sleep, and our team of carpenters "
        "is at your side until your last cart is across.</p><h2>Our promise</h2><p>You pay when "
        "you are dry.</p><a>Request a quote</a><a>Contact us</a><form><input type=tel></form>",
        _SITE,
        reason=Reason.SERVICE_PAGE,
    ),
    "privacy policy": Kind(
        "/privacy-policy/",
        "Privacy policy",
        "<p>We keep your name and your address for as long as you read us, and we give them to "
        "nobody but the postman, who knows them anyway.</p><h2>Your rights</h2><p>You may ask us "
        "what we know of you, and we will tell you within a month of your asking.</p>",
        _SITE,
        reason=Reason.SERVICE_PAGE,
    ),
    "imprint": Kind(
        "/imprint/", "Imprint", "<p>The Ford Gazette, Mill Lane 4, Ford.</p>", _SITE,
        reason=Reason.SERVICE_PAGE,
    ),
    "contact": Kind(
        "/contact/",
        "Contact us",
        "<p>Write to us, or ring the bell.</p><form><input type=email><input type=tel></form>",
        _SITE,
        reason=Reason.SERVICE_PAGE,
    ),
    "job": Kind(
        "/jobs/bridge-keeper",
        "Bridge keeper (part time)",
        "<p>You like the river and early mornings? Our team looks for you.</p><h2>Your tasks</h2>"
        "<ul><li>You open the gate.</li><li>You count the donkeys.</li></ul><h2>Our offer</h2>"
        "<p>We pay in coin and hay.</p><a>Apply now</a>",
        json_ld('{"@type":"JobPosting","title":"Bridge keeper"}'),
        reason=Reason.SERVICE_PAGE,
    ),
    "event": Kind(
        "/events/bridge-dance",
        "Bridge dance",
        "<p>Dance with us on the new planks until the band falls asleep. Your ticket is also your "
        "toll.</p><p>€4 at the gate</p><a>Book now</a><a>Book your table</a>",
        json_ld('{"@type":"Event","name":"Bridge dance"}'),
        reason=Reason.SERVICE_PAGE,
    ),
}  # fmt: skip
