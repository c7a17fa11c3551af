"""One spelling for what readers see as one text: Unicode NFC, plain spaces, nothing invisible.

Words, quotes and dashes stay as the author typed them, and French keeps its no-break spaces. To
normalise twice changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from html.entities import html5
from typing import Any

from crawler.items import Article, Block, Comment, Image
from pipelines.blocks import NOT_IN_BODY, body_of
from pipelines.known import known

# C1 controls stand in no text: they are Windows-1252 bytes that were read as Latin-1.
_WINDOWS_1252 = {
    chr(byte): bytes([byte]).decode("windows-1252", "ignore") for byte in range(0x80, 0xA0)
}
_C1 = re.compile("[\x80-\x9f]")
_LINE_END = re.compile("\r\n?|[\v\f\x1c-\x1e\u2028]")

# Everything that shows nothing. Bidirectional controls are among them, isolates too: the text is
# in logical order, a renderer finds its direction, and overrides serve to deceive.
_INVISIBLE = (
    "\0-\x08\x0e-\x1f\x7f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffc\ufffe\uffff"
)
# The joiners carry meaning in scripts that join their letters (Arabic, Syriac, N'Ko, the Indic
# ones, Mongolian), and the zero width joiner between emoji.
_JOINING = "\u0620-\u08ff\u0900-\u0dff\u1820-\u18aa\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
# Tag characters spell the region in a black flag. Anywhere else they hide words from the reader.
_MAYBE_INVISIBLE = re.compile(f"[{_INVISIBLE}\u200c\u200d\U000e0000-\U000e007f]")
_TO_REMOVE = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)"  # kept
    f"|[{_INVISIBLE}\U000e0000-\U000e007f]"
    f"|(?<![{_JOINING}])\u200c"
    f"|(?<![{_JOINING}{_EMOJI}\ufe0f])\u200d"
    f"|(?<=[{_EMOJI}\ufe0f])\u200d(?![{_EMOJI}])"
)

# What `_clean` has anything to do for, but for NFC.
_UNCLEAN = re.compile(
    f"[\x80-\x9f\r\v\f\x1c-\x1e\u2028\u2029{_INVISIBLE}\u200c\u200d\U000e0000-\U000e007f]"
)

# A run of character references, each with its ampersand escaped any number of times. `&lt;` and
# `&gt;` are left out: where they remain, the article is about markup.
_AMPERSAND = r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)*"
_REFERENCES = re.compile(
    rf"(?:{_AMPERSAND}(?!lt;|gt;)(?:#\d{{1,7}}|#[xX][\da-fA-F]{{1,6}}|[A-Za-z][A-Za-z\d]{{1,31}});)+"
)
_REFERENCE = re.compile(rf"{_AMPERSAND}([^;]+;)")

_SPACE = r"[^\S\n]"
_RUN_OF_SPACES = re.compile(_SPACE + "{2,}")
_NO_PLAIN_SPACE = re.compile(r"[^\S\n ]")
_OTHER_SPACES = re.compile(rf"{_NO_PLAIN_SPACE.pattern}|  ")
_BLANK_LINES = re.compile(r"\n{3,}")

_NO_BREAK, _NARROW, _THIN = "\u00a0", "\u202f", "\u2009"
# Where French sets a no-break space. A colon or semicolon must end there, and so must a question
# or exclamation mark: ` :)`, ` ?page=2`, ` != ` and ` %s` are no French punctuation.
_FRENCH_SPACE = re.compile(
    rf"{_SPACE}(?:(?<=«{_SPACE})"
    r"|(?=»|[:;](?:[\s»”\"’'\]]|\Z)|[!?]+(?:[\s»”\"’'\])…,.;:]|\Z))"
    rf"|(?<=\d{_SPACE})(?=%(?!\w)))"
)


def _clean(text: str) -> str:
    """NFC, line feeds for every end of a line, and nothing invisible."""
    if not _UNCLEAN.search(text):  # most texts
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    text = _C1.sub(lambda match: _WINDOWS_1252[match[0]], text)
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    text = unicodedata.normalize("NFC", text)
    if _MAYBE_INVISIBLE.search(text):
        text = unicodedata.normalize("NFC", _TO_REMOVE.sub(r"\1", text))
    return text


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    return unescape(f"&{name}") if name.startswith("#") else html5.get(name, reference[0])


def _unescape_run(run: re.Match[str]) -> str:
    before = run.string[max(run.start() - 1, 0) : run.start()]
    after = run.string[run.end() : run.end() + 1]
    if before.isalnum() or after.isalnum():
        return _REFERENCE.sub(_character, run[0])
    return run[0]


def _unescape(text: str) -> str:
    """Resolves what a site has escaped once too often, where that is sure.

    `l&rsquo;eau` and `mot&nbsp;:` can mean nothing else, as the reference touches a word. Where it
    stands alone (`the &nbsp; entity`) the text may speak of it.
    """
    return _clean(_REFERENCES.sub(_unescape_run, text)) if "&" in text else text


def _one_space(run: re.Match[str]) -> str:
    if _NARROW in run[0] or _THIN in run[0]:
        return _NARROW
    return _NO_BREAK if _NO_BREAK in run[0] else " "


def _french_space(typed: str) -> str:
    return _NARROW if typed in (_NARROW, _THIN) else _NO_BREAK


def _is_french(language: str | None) -> bool:
    """Whether a BCP 47 tag is French of any region."""
    return language is not None and language.lower().split("-")[0] == "fr"


def _set_spaces(text: str, language: str | None) -> str:
    """One space for every run within a line: plain, or as French typography asks."""
    is_french = _is_french(language)
    if not (is_french or _OTHER_SPACES.search(text)):
        return text
    text = _RUN_OF_SPACES.sub(_one_space, text)
    if not is_french:
        return _NO_PLAIN_SPACE.sub(" ", text)
    pieces = []
    end = 0
    for match in _FRENCH_SPACE.finditer(text):
        pieces += [_NO_PLAIN_SPACE.sub(" ", text[end : match.start()]), _french_space(match[0])]
        end = match.end()
    return "".join([*pieces, _NO_PLAIN_SPACE.sub(" ", text[end:])])


def normalize_text(text: str, language: str | None) -> str:
    """The text of one or more paragraphs, trimmed, at most one blank line between any two lines.

    In French (`language`, BCP 47) a space before `: ; ! ? » %` or after `«` is a no-break space:
    the narrow one (U+202F) where the page has that or a thin one, else U+00A0. None is put where
    the author typed none. Every other space is a plain one, in every language.
    """
    text = _set_spaces(_unescape(_clean(text)), language)
    if "\n" not in text:
        return text.strip()
    lines = text.split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in lines)).strip("\n")


def normalize_line(text: str, language: str | None) -> str:
    """The same for a field of one line: an end of a line is a space."""
    return _set_spaces(_unescape(_clean(text)).replace("\n", " "), language).strip()


def normalize_code(text: str) -> str:
    """The same for code, where spaces, tabs, blank lines and references are the author's words."""
    return "\n".join(line.rstrip() for line in _clean(text).split("\n")).strip("\n")


def _lines(texts: Iterable[str], language: str | None) -> tuple[str, ...]:
    """The texts as lines, each once, without what is empty."""
    lines = (normalize_line(text, language) for text in texts)
    return tuple(dict.fromkeys(line for line in lines if line))


def _optional_line(text: str | None, language: str | None) -> str | None:
    return (normalize_line(text, language) or None) if text is not None else None


def _block(block: Block, language: str | None) -> Block:
    if block.type == "code":
        text = normalize_code(block.text)
    else:
        normalize = normalize_line if block.type == "heading" else normalize_text
        text = normalize(block.text, language)
    return block if text == block.text else replace(block, text=text)


def _image(image: Image, language: str | None) -> Image:
    return replace(image, caption=_optional_line(image.caption, language))


def _comment(comment: Comment, language: str | None) -> Comment:
    return replace(
        comment,
        text=normalize_text(comment.text, language),
        author=_optional_line(comment.author, language),
    )


def _body(article: Article, blocks: Sequence[Block]) -> str:
    """The body; `blocks` are the article's, normalised.

    As a rule it is made of them, and need not be normalised once more. In it a heading may have
    several lines.
    """
    has_code = any(block.type == "code" for block in blocks)
    if has_code or body_of(article.blocks) != article.article_body:
        return _body_alone(article)
    texts = (
        normalize_text(was.text, article.in_language)
        if was.type == "heading" and block is not was
        else block.text
        for was, block in zip(article.blocks, blocks, strict=True)
        if was.type not in NOT_IN_BODY
    )
    return "\n\n".join(text for text in texts if text)


def _body_alone(article: Article) -> str:
    """The body, in which a paragraph that is a code block keeps its inner white space."""
    body = f"\n\n{article.article_body}\n\n"
    parts = []
    end = 0
    for code in (block.text for block in article.blocks if block.type == "code"):
        start = body.find(f"\n\n{code}\n\n", end)
        if start >= 0:
            parts += [normalize_text(body[end:start], article.in_language), normalize_code(code)]
            end = start + 2 + len(code)
    parts.append(normalize_text(body[end:], article.in_language))
    return "\n\n".join(part for part in parts if part)


# In which every text of an article stands, and the language that it is in.
_TEXTS = (
    "headline", "description", "article_body", "blocks", "authors", "section", "keywords",
    "publisher", "images", "comments",
)  # fmt: skip


def _texts(article: Article) -> tuple[Any, ...]:
    return tuple(getattr(article, name) for name in (*_TEXTS, "in_language"))


@known(_texts)
def _normalized(article: Article) -> tuple[Any, ...]:
    """What the texts of an article are, in their order."""
    language = article.in_language
    blocks = [_block(block, language) for block in article.blocks]
    description = article.description
    return (
        normalize_line(article.headline, language),
        (normalize_text(description, language) or None) if description else None,
        _body(article, blocks),
        tuple(block for block in blocks if block.text),
        _lines(article.authors, language),
        _optional_line(article.section, language),
        _lines(article.keywords, language),
        _optional_line(article.publisher, language),
        tuple(_image(image, language) for image in article.images),
        tuple(_comment(comment, language) for comment in article.comments),
    )


def normalize_article(article: Article) -> Article:
    """Every text of the article, in the language that the page claims (`in_language`)."""
    return replace(article, **dict(zip(_TEXTS, _normalized(article), strict=True)))


class NormalizePipeline:
    """Gives every text of an article its one spelling."""

    def process_item(self, item: Article) -> Article:
        return normalize_article(item)
