"""What class and id names say of a comment: its whole, its parts, the section it stands in.

The words are those of blog engines and comment systems, in the languages they are written in; a
vendor's prefix before them changes nothing, and no name belongs to one site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lxml import etree

from crawler.extract.boilerplate import words_of


class Role:
    """What an element of a discussion is, by its name: bits, since a name may say several things.

    Plain integers: every element of a page is asked, and an enum's operators cost ten times more.
    """

    NONE: Final = 0
    SECTION: Final = 1
    ITEM: Final = 2
    POST: Final = 4  # an item only inside a section: forums and Disqus call them posts
    TEXT: Final = 8
    BODY: Final = 16  # the text, or a wrapper of it and its furniture
    AUTHOR: Final = 32
    DATE: Final = 64
    VOTES: Final = 128
    REPLIES: Final = 256
    PARENT: Final = 512
    FURNITURE: Final = 1_024  # never the comment's words
    BESIDE: Final = 2_048  # not its words, where they have no element of their own
    PINGBACK: Final = 4_096
    ELSEWHERE: Final = 8_192  # a widget of comments on other pages


_VENDOR = (
    r"(?:(?:post|posting|user|blog|article|reader|single|new|b|c|js|wp|wp block|wpd|wc|tk|atk|ob|"
    r"isso|dsq|gsc|"
    r"coral|talk|talk stream|fyre|idc|kmt|tx|remark|timeline|serendipity|squarespace) )*"
)
_ONE = (
    rf"{_VENDOR}(?:comment|comm|cmt|postcomment|ljcmt|commentaire|kommentar|comentario|commento|"
    r"comentariu|reactie|komentarz|kommentti|yorum)"
)
_COMMENT = (
    rf"{_VENDOR}(?:comments?|comm|cmt|postcomment|ljcmt|commentaires?|kommentar(?:e|er)?|"
    rf"comentarios?|"
    r"commento|commenti|comentariu|reactie|reacties|komentarz|komentarze|kommentti|yorum|yorumlar)"
)
_ITEM = re.compile(
    rf"(?:{_ONE}(?: (?:item|entry|list item|listitem|card|box|wrapper|container|thread|article|"
    r"single|body wrapper|block|node|row|li|post|level \d+))?"
    r"|gsc reply|wl card item|kmt item|idc c|commento card|forum fil|forum message|"
    r"reply item|ob comment reply|fyre comment article|the comment)"
)
_POST = re.compile(
    r"(?:post|posts|postbit\w*|post container|message|reply|review|review item|answer|crawler post|"
    r"h cite|h entry|topic body crawler post|message stack|member|reaction|posting|"
    r"prispevek|beitrag)"
)
_SECTION = re.compile(
    r"(?:(?:the|all|article|post|reader|entry|wp block|discourse|gh|node|section|story|news|page|"
    rf"public) )*(?:{_COMMENT}(?: (?:area|section|wrapper|"
    r"wrap|container|list|block|template|box|query loop|inner|holder|thread|tree|stream|region|"
    r"main|"
    r"feed|module|panel|respond|form|form container|form wrapper|new|ul|body|content|outer|"
    r"disqus|facebook|fb|embed|\d+))?s?"
    r"|commentlist|commentform|commentsarea|commentsblock|respond|(?:disqus|dsq)(?: \w+)?|"
    r"discussion|"
    r"forum|forums?(?: (?:list|thread|comments|view))|idc container|idc cover|fyre|"
    r"livefyre(?: \w+)?|"
    r"coral(?: \w+)?|utterances|giscus|gsc (?:main|timeline|comments)|remark42(?: \w+)?|commento|"
    r"notes (?:wrapper|container)|posting list|postings|viafoura|"
    r"(?:spotim|spcv|openweb) (?:conversation|comments)|"
    r"isso thread|isso root|ob comments|kmt body|wl cards|tk comments|wpd thread \w+|wpdcom|"
    r"reactions? lecteurs|fb comments|hyvor talk \w+|cusdis thread|leserkommentare?|"
    r"itemcomments(?:list)?|post replies|webmentions?|comment sheet|jc|"
    r"customer reviews|reviews? list)"
)
_WIDGET = (
    r"(?:button|menu|reactions?|quote|block|bookmark|link|tool|badge|label|tooltip|share|more)"
)
_TEXT = re.compile(
    rf"(?:{_COMMENT} )?(?:(?!{_WIDGET} )\w+ )?(?:(?:inner |main |real )?text|texte|texto|testo|"
    rf"txt|content|inhalt|"
    r"copy|message|message body|description|story|paragraph|p)"
    r"|commenttext|commentcontent|commentmessage|cooked|bb wrapper|bbwrapper|postcontent|"
    r"post message|"
    r"post message \d+|forum texte|e content|markdown body|markdown|commenttxt|msgtext|"
    r"gsc comment content|idc c t inner|idc c t|fyre comment|isso text|ob text|wl content|vcontent|"
    r"usertext body|md|commento body|comment entry content|b comment text|messagetext"
)
_BODY = re.compile(
    rf"(?:{_COMMENT} )?(?:body|bodytext|main|entry|area|post body|kmt body)|commentbody|postbody|"
    r"(?:serendipity )?comment ?body|right"
)
_AUTHOR = re.compile(
    rf"(?:{_COMMENT} |{_VENDOR})?(?:header |meta |entry |post |stream |reply )?(?:author|user|"
    rf"username|user name|name|actor name|pseudo(?:nyme)?|usr|user info|"
    r"autor|auteur|nick|nickname|nom|autore|poster|creator|commenter|author name|author link|"
    r"author name link|user link|byline|by|writer|screen name|display name|publisher anchor color)"
    r"|comment(?:er|or|ator)(?: (?:name|info))?|commentauthor(?:name)?|p author|p name|"
    r"fn|bigusername|username coloured|"
    r"b comment author|forum auteur|serendipity comment source|vnick|profile name|vcard"
)
_DATE = re.compile(
    rf"(?:{_COMMENT} )?(?:\w+ )?(?:date|time|datetime|date time|datum|heure|timestamp|time stamp|"
    rf"ago|"
    r"timeago|time ago|published|published date|created|posted|when|permalink)"
    r"|relativetime(?: clean)?|dt published|post ?date|commentdate|commenttime|commentmetadata|"
    r"comment ?metadata|vtime|date header"
)
_VOTES = re.compile(
    r"(?:\w+ ){0,3}(?:up ?votes?(?: count)?|votes?(?: up| up count| count| result| total)?|"
    r"likes?(?: count)?|"
    r"score(?: value)?|karma|thumbs up(?: count)?|reacted count|like number|points)"
)
_REPLIES = re.compile(
    r"(?:\w+ ){0,2}(?:children|replies|child|thread|follow up|followup|answers|indented|"
    r"subcomments?|"
    r"card children|children list|reponses|antworten|nested)"
)
_PARENT = re.compile(
    r"(?:\w+ ){0,2}(?:in ?reply ?to|en reponse a|antwort auf|"
    r"reply to|replied to|parent|parent link|reply ref|responding to)"
)
_FURNITURE = re.compile(
    r"\b(?:meta|metadata|author|vcard|reply|date|time|avatar|gravatar|awaiting|moderation|actions?|"
    r"tools|edit|permalink|says|votes?|voting|rating|likes?|report|share|header|info|footer|"
    r"buttons?|"
    r"toolbar|controls|userpic|signature|badges?|timestamp|replies|children|form|respond|karma|"
    r"screen reader text|sr only|visually hidden)\b"
)
_BESIDE = re.compile(
    r"\b(?:tool|number|links?|menu|username|user|profile|score|flag|notice|titre|"
    r"submitted(?! comment)|chapo|posted|byline|hidden|stars?|cite|count|title|name|head)\b"
)
_PINGBACK = re.compile(r"(?:comment )?(?:pingback|trackback|webmention)s?")
_ELSEWHERE = re.compile(
    r"\b(?:recent ?comments?|latest ?comments?|last ?comments?|neueste kommentare|widget recent|"
    r"derniers commentaires|jp carousel|top comments? widget)\b"
)

# Where front ends whose classes are made by machines name their parts for tests and hooks.
_NAMING_ATTRIBUTES = ("data-testid", "data-hook")

_PATTERNS = (
    (Role.SECTION, _SECTION), (Role.ITEM, _ITEM), (Role.POST, _POST), (Role.TEXT, _TEXT),
    (Role.BODY, _BODY), (Role.AUTHOR, _AUTHOR), (Role.DATE, _DATE), (Role.VOTES, _VOTES),
    (Role.REPLIES, _REPLIES), (Role.PARENT, _PARENT), (Role.PINGBACK, _PINGBACK),
)  # fmt: skip
# What a name must contain to be a section or an item anywhere on a page: looked for first, since
# most names of a page are neither.
_HINTS = (
    "omm", "cmt", "respond", "disq", "dsq", "discussion", "forum", "idc", "fyre", "coral", "giscus",
    "utteranc", "gsc", "isso", "kmt", "wl-", "wpd", "reacti", "eakti", "koment", "yorum", "mention",
    "hyvor", "posting", "cusdis", "review", "notes-", "spotim", "spcv", "openweb", "viafoura",
    "replies", "tk-", "remark42", "ngback", "ckback",
)  # fmt: skip


# "usercomments", "commentarea": two words that no hump parts.
_GLUED = re.compile(
    r"(?<=[a-z])(?=comments?\b)|\bcomments?(?=(?:area|body|block|box|content|date|form|header|item|"
    r"list|meta|name|section|text|thread|time|wrap)\b)"
)
# What a system or theme sets before all its names: "spcv-message", "vf3-comments", "ht-comment".
_OWN_PREFIX = re.compile(
    r"(?!(?:ad|add|all|body|btn|card|edit|form|get|has|head|hide|icon|info|is|last|link|list|load|"
    r"main|menu|more|my|nav|new|next|no|num|page|pre|prev|read|see|send|show|site|sub|tab|text|top|"
    r"view)\b)[a-z]{1,4}\d? (?=\w)(?!right$)"
)


def _readings(name: str) -> Iterator[str]:
    """Yield a name in words, and without the prefix that its maker sets before all of them."""
    words = words_of(name)
    yield words
    parted = _GLUED.sub(lambda glued: f"{glued[0]} ", words)
    if parted != words:
        yield parted
    if prefix := _OWN_PREFIX.match(parted):
        yield parted[prefix.end() :]


@lru_cache(maxsize=16_384)
def roles(names: str) -> int:
    """Return every role that a class or id attribute gives its element inside a discussion."""
    found = Role.NONE
    for name in names.split():
        words = words_of(name)
        readings = tuple(_readings(name))
        for role, pattern in _PATTERNS:
            if any(map(pattern.fullmatch, readings)):
                found |= role
        if _FURNITURE.search(words):
            found |= Role.FURNITURE
        if _BESIDE.search(words):
            found |= Role.BESIDE
        if _ELSEWHERE.search(words):
            found |= Role.ELSEWHERE
    if found & (Role.TEXT | Role.REPLIES) and not found & (Role.AUTHOR | Role.DATE):
        found &= ~(Role.FURNITURE | Role.BESIDE)  # "reply-content" is what the reply says
    return found


@lru_cache(maxsize=16_384)
def place(names: str) -> int:
    """Return what a class or id says of an element anywhere on a page: SECTION, ITEM or NONE."""
    lowered = names.lower()
    for hint in _HINTS:  # a plain loop: most names of a page pass it, and a generator costs double
        if hint in lowered:
            return roles(names) & (Role.SECTION | Role.ITEM | Role.ELSEWHERE | Role.PINGBACK)
    return Role.SECTION if names == "jc" else Role.NONE  # JComments


def roles_of(element: etree._Element) -> int:
    """Return every role of an element inside a discussion, by its class or its name for tests."""
    names = element.get("class")
    found = roles(names) if names else Role.NONE
    for attribute in _NAMING_ATTRIBUTES:
        if name := element.get(attribute):
            found |= roles(name)
    return found


def property_of(element: etree._Element) -> str | None:
    """Return schema.org's word for an element's text, in microdata or RDFa."""
    if name := element.get("itemprop"):
        return name
    name = element.get("property")
    return name.split()[0].removeprefix("schema:") if name and not name.isspace() else None
