"""Embedded posts (X, Instagram, YouTube, …) in markup: which element is one, and what it quotes.

Known by what the services' own code calls its blockquotes, by a frame's address wherever a lazy
loader keeps it, and by the elements that stand in for players until they are clicked.
"""

from __future__ import annotations

import re

from lxml import etree

from crawler.extract.document import collapse, text_of
from crawler.extract.embed_urls import post_by_id, post_url

_FRAMES = frozenset({"iframe", "embed", "object", "amp-iframe"})
_BOXES = frozenset({"blockquote", "div", "figure", "a", "section"})
# Elements of AMP and of lazy players are named after the service.
_PLAYER_TAG = re.compile(r"(?:amp|lite)-|[a-z]+-(?:video|embed|player|widget)$|twitter-")
# Classes of the services' own code, and of what stands in for their players.
_QUOTE_CLASSES = frozenset({
    "twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed",
    "mastodon-embed", "text-post-media", "reddit-embed-bq", "reddit-card", "fb-post", "fb-video",
    "tumblr-post",
})  # fmt: skip
_PLAYER_CLASS = re.compile(r"youtube|vimeo|dailymotion|twitter|tweet|instagram|tiktok")
# A post whatever its class says; so are elements with a hyphen in their names.
POST_TAGS = _FRAMES | {"noscript"}
_ID_ATTRIBUTES = (
    "videoid", "data-videoid", "data-video-id", "data-youtube-id", "data-tweetid", "data-tweet-id",
    "data-shortcode", "data-id", "data-video", "data-embed-id",
)  # fmt: skip
# A post quotes no more than this, and a player's stand-in says less: what does is the page.
MAX_QUOTED = 5_000
MAX_LABEL = 300
# An element whose whole text is an address: an embed that nobody turned into a player.
_ADDRESS = re.compile(r"https?://[^\s<>]{8,500}")


def embedded_post(element: etree._Element) -> str | None:
    """Return an embedded post as its block's text, or None if the element is none.

    The first line is the post's address, the others are the words that the markup quotes.
    """
    tag = element.tag
    if tag in _FRAMES:
        return _attribute_url(element)
    if tag == "noscript":
        frame = next(element.iter("iframe"), None)
        return _attribute_url(frame) if frame is not None else None
    if "-" in tag and _PLAYER_TAG.match(tag):
        names = f"{tag} {element.get('class')}".lower()
    elif tag in _BOXES and (classes := element.get("class")):
        is_quote = any(map(_QUOTE_CLASSES.__contains__, classes.split()))
        if is_quote and (tag == "blockquote" or _attribute_url(element)):
            return _quote(element)
        if is_quote or tag == "blockquote" or not is_post_class(classes):
            return None
        names = classes.lower()
    else:
        return None
    identifiers = (element.get(name) for name in _ID_ATTRIBUTES)
    found = (post_by_id(names, value) for value in identifiers if value)
    post = next(filter(None, found), None) or (_attribute_url(element) if tag != "a" else None)
    return None if post is None or _says_more(element, MAX_LABEL) else post


def bare_post(text: str) -> str | None:
    """Return the address of a post that is a block's whole text, or None."""
    return post_url(text) if text.startswith("http") and _ADDRESS.fullmatch(text) else None


def is_post_class(name: str) -> bool:
    """Whether a class is that of a service's own blockquote, or of what stands in for a player."""
    return name in _QUOTE_CLASSES or _PLAYER_CLASS.search(name.lower()) is not None


def _attribute_url(element: etree._Element) -> str | None:
    """The post whose address is in an attribute: `src`, or wherever a lazy loader keeps it."""
    for value in element.attrib.values():
        if "/" in value and (post := post_url(value)) is not None:
            return post
    return None


def _says_more(element: etree._Element, most: int) -> bool:
    """Whether an element has more text than so many characters, without reading all of it."""
    said = 0
    return any((said := said + len(text.strip())) > most for text in element.itertext())


def _quote(element: etree._Element) -> str | None:
    """The post in a service's own blockquote: by attribute, else the last link that leads to one.

    The last, since a post may link to others. What it quotes stands in paragraphs; a paragraph that
    is one link, and all that stands outside, is the service's interface.
    """
    if _says_more(element, MAX_QUOTED):
        return None
    links = [link for link in element.iter("a") if link.get("href")]
    posts = [post for link in links if (post := post_url(link.get("href") or "")) is not None]
    url = _attribute_url(element) or (posts[-1] if posts else None)
    if url is None:
        return None
    lines = [_words(paragraph) for paragraph in element.iter("p")]
    return "\n".join([url, *filter(None, lines)])


def _words(paragraph: etree._Element) -> str:
    text = text_of(paragraph)
    linked = sum(len(text_of(link)) for link in paragraph.iter("a"))
    return collapse(text) if linked < 0.8 * len(text) else ""
