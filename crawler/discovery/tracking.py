"""Which query parameters say how a reader came, and never what is read.

A parameter stands here only if dropping it cannot change the article; `identity_url` drops these.
"""

from __future__ import annotations

import re

# Families of parameters, by prefix of the lower-cased name.
TRACKING_PREFIXES = (
    "utm_",  # Urchin, now Google Analytics, and all who copied it
    "at_",  # AT Internet (Piano)
    "ns_",  # comScore
    "pk_",  # Piwik
    "piwik_",
    "mtm_",  # Matomo
    "matomo_",
    "hsa_",  # HubSpot ads
    "_hs",  # HubSpot mails
    "ga_",
    "gaa_",  # Subscribe with Google
    "gad_",  # Google Ads
    "itm_",  # internal campaigns
    "fb_",  # Facebook's old sharing dialogs
    "oly_",  # Omeda
    "vero_",
    "wt_",  # Webtrends, Mapp
    "wt.",
    "guce_",  # Yahoo's consent detour
    "amp_",  # AMP viewers and caches
)

# Single parameters, by lower-cased name: click ids of advertisers and social networks,
_CLICK_IDS = """
    fbclid gclid gclsrc dclid gbraid wbraid srsltid msclkid yclid ymclid twclid ttclid igshid igsh
    li_fat_id epik rdt_cid sccid mibextid sfnsn dicbo tblci spm wickedid ef_id s_kwcid
"""
# AT Internet's and other meters of audience,
_METERS = """
    xtor xtref xtcr xtmc xtnp xts _ga _gl _openstat utm cmpid s_cid icid ocid ito ftag smid smtyp
    mbid wprov guccounter __twitter_impression usqp
"""
_NEWSLETTERS = "mc_cid mc_eid mkt_tok hsctatracking _bhlid ck_subscriber_id emci emdi ceid"
_REFERRERS = "ref_src ref_url referrer referer"
# and WordPress' links to the comment form, its cron runs, its AMP plug-in's way back.
_WORDPRESS = "replytocom doing_wp_cron noamp"
TRACKING_NAMES = frozenset(
    " ".join((_CLICK_IDS, _METERS, _NEWSLETTERS, _REFERRERS, _WORDPRESS)).split()
)

# Parameters that name a channel on some sites and the article on others: only these values go.
_CHANNEL_NAMES = frozenset(("ref", "source", "src", "from", "share", "via", "origin"))
_CHANNELS = """
    rss rss2 atom feed feedburner twitter x facebook fb linkedin whatsapp telegram pinterest reddit
    bluesky mastodon tumblr pocket email mail e-mail newsletter push notification home homepage hp
    share social article-share sharing sidebar footer header menu
"""
_CHANNEL_VALUES = frozenset(_CHANNELS.split())

_AMP_VALUES = {
    "amp": frozenset(("", "1", "true", "amp")),
    "outputtype": frozenset(("amp",)),
    "output": frozenset(("amp",)),
}

_SESSIONS = "jsessionid phpsessid sessionid session_id asp.net_sessionid cfid cftoken zenid oscsid"
_SESSION_NAMES = frozenset(_SESSIONS.split())
# Short names that hold an article's number on some sites: a session only where the value looks
# like one. PHP writes 26 or 32 letters and digits.
_SESSION_LIKE_NAMES = frozenset(("sid", "s", "session", "sess"))
_SESSION_VALUE = re.compile(r"(?=[^a-z]*[a-z])(?=[^0-9]*[0-9])[a-z0-9]{26,}")

_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid|cfid|cftoken)=[^/;]*", re.I)


def is_tracking(name: str, value: str) -> bool:
    """Whether `name=value` says nothing of the article: tracking, a session, an AMP switch."""
    name, value = name.lower(), value.lower()
    return (
        name in TRACKING_NAMES
        or name.startswith(TRACKING_PREFIXES)
        or (name in _CHANNEL_NAMES and value in _CHANNEL_VALUES)
        or value in _AMP_VALUES.get(name, ())
        or name in _SESSION_NAMES
        or name.startswith("aspsessionid")
        or (name in _SESSION_LIKE_NAMES and _SESSION_VALUE.fullmatch(value) is not None)
    )


def without_path_session(path: str) -> str:
    """The path without the session ids that servlets write into it (`;jsessionid=…`)."""
    return _PATH_SESSION.sub("", path)
