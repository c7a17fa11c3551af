"""From a page's bytes to markup that a parser can be given, for whoever reads HTML.

The encoding is found as a browser finds it. What would stall or exhaust a parser is told before it
gets there: libxml2 compares each attribute of a tag with all before it.
"""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding, to_unicode

from crawler.errors import Reason, Refusal

# A tag with more attributes than any author writes; 40,000 would take 16 seconds.
MAX_ATTRIBUTES = 250
# Prose lives in far less; above this, parsing alone takes a second.
MAX_CHARACTERS = 20_000_000
# Opening and closing, and those in scripts, which cost nothing: ten times the elements of the
# largest page that is read.
MAX_TAGS = 250_000

# Of the characters beyond ASCII, at most so many may be lost, of a text with a few of them: five of
# a thousand pages have lost any, and the worst of these 1 in 10. With the wrong charset most are.
_MAX_LOST = 0.5
_FEW = 10

# What pages may be in (WHATWG Encoding Standard, 4.2), by Python's names. Others are codecs that a
# server can name as well: `zip`, `punycode`, `unicode_escape`.
_CHARSETS = """
    ascii utf-8 cp866 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7
    iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u
    mac-roman mac-cyrillic cp874 tis-620 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257
    cp1258 gb2312 gbk gb18030 hz big5 big5hkscs euc_jp iso2022_jp shift_jis cp932 euc_kr cp949
    utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be
"""
_KNOWN = frozenset(codecs.lookup(name).name for name in _CHARSETS.split())
_WIDE = frozenset(codecs.lookup(f"utf-{bits}{order}").name
                  for bits in (16, 32) for order in ("", "-le", "-be"))  # fmt: skip

_ATTRIBUTE_BOMB = re.compile(
    rb"<[a-zA-Z][\w:-]*+(?:[\s/]++[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?+)"
    rb"{%d}+" % MAX_ATTRIBUTES
)
# Documents whose outermost element is the whole of them.
_OUTERMOST = re.compile(
    rb"<(html|rss|feed|rdf:rdf|urlset|sitemapindex)(?=[\s>])[^>]*+(?<!/)>", re.IGNORECASE
)
_HEAD_BYTES = 4_096
# What XML forbids and no reader sees; white space stays. Many are deleted fast from bytes, one is
# looked for ten times as fast in text.
_CONTROL = bytes((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F))
_NO_CHARACTERS = ("\ufffe", "\uffff")
# A browser reads on after these, where a page was pasted into another; libxml2 does not.
_PAGE_ENDS = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
# It has no end, and nothing in it; libxml2 takes what follows for its content.
_EMBED = re.compile(rb"(<embed\b[^<>]*+)(?<!/)>", re.IGNORECASE)
# Where a word may be broken at a line's end: it is no letter of the word.
_SOFT_HYPHENS = ("\u00ad", "&shy;")
# UTF-8 that was read as Latin-1 and written as UTF-8 again, as one page of a hundred is. It is
# known by its quotes and dashes: no text has the control character that is their second byte.
# Fewer may be what a page tells of such damage.
_TWICE_ENCODED_PUNCTUATION = "\u00e2\u0080"
_MIN_TWICE_ENCODED = 3
_CONTROL_CHARACTER = "\u0080"  # one is looked for ten times as fast as two
_TWICE_ENCODED = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}"
)


def markup(body: bytes, encoding: str | None = None) -> bytes | Refusal:
    """The page in UTF-8, without what no reader sees; or why no parser is to have it.

    `encoding` is what the HTTP header said.
    """
    text = decode(body, encoding)
    if isinstance(text, Refusal):
        return text
    if len(text) > MAX_CHARACTERS:
        return Refusal(Reason.TOO_LARGE_TO_READ, f"more than {MAX_CHARACTERS} characters")
    if len(text) > MAX_TAGS and text.count("<") > MAX_TAGS:
        return Refusal(Reason.TOO_LARGE_TO_READ, f"more than {MAX_TAGS} tags")
    for hyphen in _SOFT_HYPHENS:
        if hyphen in text:
            text = text.replace(hyphen, "")
    if _CONTROL_CHARACTER in text and text.count(_TWICE_ENCODED_PUNCTUATION) >= _MIN_TWICE_ENCODED:
        text = _TWICE_ENCODED.sub(_decoded, text)
    for character in _NO_CHARACTERS:
        if character in text:
            text = text.replace(character, "")
    printable = text.encode("utf-8", "ignore").translate(None, _CONTROL)
    printable = _PAGE_ENDS.sub(b"", printable)
    if b"<embed" in printable or b"<EMBED" in printable:
        printable = _EMBED.sub(rb"\1 />", printable)
    if _ATTRIBUTE_BOMB.search(printable):
        return Refusal(Reason.TOO_LARGE_TO_READ, f"a tag with over {MAX_ATTRIBUTES} attributes")
    return printable


def _decoded(twice: re.Match[str]) -> str:
    """The one character that a sequence stands for; what stands for none stays."""
    try:
        return twice[0].encode("latin-1").decode()
    except UnicodeDecodeError:
        return twice[0]


def is_cut(body: bytes) -> bool:
    """Whether a document lacks its end, where one can tell: its outermost element has none.

    Of a thousand pages as they were served, three do.
    """
    if not (outermost := _OUTERMOST.search(body[:_HEAD_BYTES])):
        return False
    name = outermost[1].lower()
    ends = (b"</html", b"</body") if name == b"html" else (b"</" + name,)
    lower = body.lower()
    return not any(end in lower for end in ends)


def decode(body: bytes, encoding: str | None = None) -> str | Refusal:
    """The page as text: by byte order mark, else as UTF-8 if it is, whatever it claims, else by the
    HTTP header, else by its meta, else cp1252 (WHATWG HTML 13.2.3, but for the second).

    Refused is what by each of these is mostly no text: it was written in another charset.
    """
    bom, mark = read_bom(body)
    if bom is not None and mark is not None:
        return to_unicode(body[len(mark) :], bom)
    said = [name for name in (_known(encoding), _known(html_body_declared_encoding(body))) if name]
    if not set(said[:1]) & _WIDE and (not said or not body.isascii()):
        try:
            return body.decode()
        except UnicodeDecodeError:
            pass
    for name in said or ["cp1252"]:
        text = to_unicode(body, name)
        if not _is_lost(text):
            return text
    return Refusal(Reason.WRONG_CHARSET, f"not in {' or '.join(said)}")


def _is_lost(text: str) -> bool:
    if (lost := text.count("\ufffd")) < _FEW:
        return False
    return lost > _MAX_LOST * (len(text) - len(text.encode("ascii", "ignore")))


def _known(encoding: str | None) -> str | None:
    """The codec of a charset that pages are written in, by whatever name."""
    name = resolve_encoding(encoding) if encoding else None
    return name if name and codecs.lookup(name).name in _KNOWN else None
