"""The address of an embedded post, from that of the player or frame which shows it.

The services are known by their hosts and the shape of their addresses; maps, forms, trackers and a
service's own buttons are no posts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

# Longer is a tracker's address, or an attack on the patterns below.
MAX_URL = 2_000

# host, path with its query, the post's own address. The host may have labels in front.
_SERVICES: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:[\w-]+\.)*(?:{host})"), re.compile(path), post)
    for host, path, post in (
        (
            r"youtube\.com|youtube-nocookie\.com",
            r"/embed/(?!videoseries|live_stream)([\w-]{6,20})",
            r"https://www.youtube.com/watch?v=\1",
        ),
        (
            r"youtube\.com|youtube-nocookie\.com",
            r"/(?:embed/?(?:videoseries)?|playlist)\?(?:.*&)?list=([\w-]{6,60})",
            r"https://www.youtube.com/playlist?list=\1",
        ),
        (
            r"youtube\.com",
            r"/(?:watch/?\?(?:.*&)?v=|shorts/|live/|v/)([\w-]{6,20})",
            r"https://www.youtube.com/watch?v=\1",
        ),
        (r"youtu\.be", r"/([\w-]{6,20})", r"https://www.youtube.com/watch?v=\1"),
        (r"vimeo\.com", r"/(?:video/)?(\d{5,12})(?![\w-])", r"https://vimeo.com/\1"),
        (
            r"dailymotion\.com",
            r"/(?:(?:embed/)?video/|player[^?]*\?(?:.*&)?video=)(\w{5,12})",
            r"https://www.dailymotion.com/video/\1",
        ),
        (r"dai\.ly", r"/(\w{5,12})", r"https://www.dailymotion.com/video/\1"),
        (
            r"platform\.(?:twitter|x)\.com",
            r"/embed/.*[?&]id=(\d+)",
            r"https://twitter.com/i/status/\1",
        ),
        (r"(?:twitter|x)\.com", r"/(\w+)/status(?:es)?/(\d+)", r"https://twitter.com/\1/status/\2"),
        (
            r"(?:instagram\.com|instagr\.am)",
            r"/(?:[\w.]+/)?(p|reel|tv)/([\w-]+)",
            r"https://www.instagram.com/\1/\2/",
        ),
        (r"tiktok\.com", r"/(@[\w.-]+)/(video|photo)/(\d+)", r"https://www.tiktok.com/\1/\2/\3"),
        (
            r"tiktok\.com",
            r"/(?:embed(?:/v\d)?|player/v1|v)/(\d+)",
            r"https://www.tiktok.com/embed/v2/\1",
        ),
        (
            r"(?:facebook\.com|fb\.watch)",
            r"(/(?:[\w.-]+/(?:posts|videos|photos)/.*|permalink\.php\?.*|story\.php\?.*|"
            r"photo(?:\.php)?/?\?.*|watch/?\?.*|reel/\d+.*))",
            r"https://www.facebook.com\1",
        ),
        (r"fb\.watch", r"/([\w-]+)", r"https://fb.watch/\1/"),
        (
            r"embed\.bsky\.app",
            r"/embed/([\w:.-]+)/app\.bsky\.feed\.post/(\w+)",
            r"https://bsky.app/profile/\1/post/\2",
        ),
        (
            r"bsky\.app",
            r"/profile/([\w:.-]+)/post/(\w+)",
            r"https://bsky.app/profile/\1/post/\2",
        ),
        (
            r"threads\.(?:net|com)",
            r"/(@[\w.]+)/post/([\w-]+)",
            r"https://www.threads.net/\1/post/\2",
        ),
        (
            r"(?:reddit\.com|redditmedia\.com)",
            r"/(r/\w+/comments/\w+(?:/\w+){0,2})",
            r"https://www.reddit.com/\1/",
        ),
        (r"t\.me", r"/(?:s/)?(\w{4,}/\d+)", r"https://t.me/\1"),
        (
            r"linkedin\.com",
            r"/(?:embed/)?feed/update/(urn:li:\w+:\d+)",
            r"https://www.linkedin.com/feed/update/\1/",
        ),
        (
            r"open\.spotify\.com",
            r"/(?:embed/|embed-podcast/)?(track|album|playlist|episode|show)/(\w+)",
            r"https://open.spotify.com/\1/\2",
        ),
        (r"(?:player\.)?twitch\.tv", r"/\?.*?\bvideo=v?(\d+)", r"https://www.twitch.tv/videos/\1"),
        (r"rumble\.com", r"/embed/(\w+)", r"https://rumble.com/embed/\1/"),
    )
)
# Frames that carry the post's address as a parameter.
_CARRIERS = {
    "facebook.com": ("/plugins/post", "/plugins/video"),
    "w.soundcloud.com": ("/player",),
    "iframe.ly": ("/api/",),
    "cdn.embedly.com": ("/widgets/",),
}
_CARRIED = ("href", "url", "src")
# What Mastodon and PeerTube servers, whatever their hosts, call a post's frame.
_FEDERATED = re.compile(r"(/@[\w.]+(?:@[\w.-]+)?/\d{6,})/embed/?|/videos/embed/([\w-]{20,40})/?")
_AT_URI = re.compile(r"at://([\w:.-]+)/app\.bsky\.feed\.post/(\w+)")


@lru_cache(maxsize=4_096)
def post_url(address: str) -> str | None:
    """Return the address of the post that a frame, a player or a link shows, or None."""
    address = address.strip()
    if len(address) > MAX_URL:
        return None
    if found := _AT_URI.match(address):
        return f"https://bsky.app/profile/{found[1]}/post/{found[2]}"
    if address.startswith("//"):
        address = f"https:{address}"
    if not address.startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if any(parts.path.startswith(start) for start in _CARRIERS.get(host, ())):
        return _carried(parse_qs(parts.query))
    for services, shape, post in _SERVICES:
        if services.fullmatch(host) and (found := shape.match(path)):
            return found.expand(post)
    if found := _FEDERATED.fullmatch(parts.path):
        return f"https://{parts.netloc}{found[1] or '/w/' + found[2]}"
    return None


def _carried(query: Mapping[str, list[str]]) -> str | None:
    """The post's address in the parameters of a frame; a page or a profile has none."""
    for name in _CARRIED:
        for value in query.get(name, ()):
            if "soundcloud.com/" in value:
                return value if value.startswith(("http://", "https://")) else None
            if "/plugins/" not in value and (post := post_url(value)) is not None:
                return post
    return None


# How a service is called in markup, what its ids look like, and the address of such a post.
_BY_ID: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("youtube", re.compile(r"[\w-]{11}"), "https://www.youtube.com/watch?v={}"),
    ("vimeo", re.compile(r"\d{5,12}"), "https://vimeo.com/{}"),
    ("dailymotion", re.compile(r"x\w{4,10}"), "https://www.dailymotion.com/video/{}"),
    ("twitter", re.compile(r"\d{8,20}"), "https://twitter.com/i/status/{}"),
    ("tweet", re.compile(r"\d{8,20}"), "https://twitter.com/i/status/{}"),
    ("instagram", re.compile(r"[\w-]{8,14}"), "https://www.instagram.com/p/{}/"),
    ("tiktok", re.compile(r"\d{15,21}"), "https://www.tiktok.com/embed/v2/{}"),
)


def post_by_id(names: str, identifier: str) -> str | None:
    """Return the address of a post that markup names by service and id: a lazy player's."""
    for service, shape, post in _BY_ID:
        if service in names and shape.fullmatch(identifier):
            return post.format(identifier)
    return None
