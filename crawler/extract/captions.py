"""Whether a line that no markup calls a caption is one: a picture's credit, or alone beside one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from crawler.extract.document import collapse, text_of

# A caption is no longer; a longer text beside a picture is the story.
MAX_CAPTION = 300
# Where so many pictures are words of lines, no other is looked for.
MAX_PICTURES = 50
_CREDITED = re.compile(
    r"(?:\b(?:photo|image|picture|foto|bild|illustration|imagen)s?(?:\s+credits?)?"
    r"(?:\s+(?:by|par|von|de|di))?\s*[:/]|©|"
    r"[|(]\s*(?:photo|image|picture|foto|bild)s?\s+(?:by|courtesy\s+of|par|von|de|di)\b)"
    r"\s*[^.!?]{2,60}\.?$",
    re.IGNORECASE,
)
# The same in Chinese, Japanese and Korean: whose picture it is, after a colon or at the end.
_CREDITED_EAST = re.compile(
    r"\W*(?:图片?来源|圖片來源|图源|图片|照片|資料照片|资料图片?|写真|画像|出典|撮影|사진(?:\s?제공)?)"
    r"\s?[:：=＝/／][^。！？]{2,40}$|"
    r"(?:\s\w{2,4}\s?[摄攝]|供图|供圖|[视視][频頻]截[图圖]|撮影|(?:사진|그래픽)\s?=\s?\S{2,30})\W*$"
)
_EAST = "\u3000"
_SENTENCE_ENDS = (".", "!", "?", "…", ":", "»", "”", '"', "。")


@dataclass(slots=True)
class Captions:
    """A page's captions.

    `around` remembers how long the text around a picture is, None without a picture: every line of
    a story asks it of the same element. What is longer than any caption is counted no further.
    """

    around: dict[etree._Element, int | None] = field(default_factory=dict)

    def holds(self, element: etree._Element, text: str) -> bool:
        """Whether text ends in a picture's credit, or stands alone with one and is no sentence."""
        if len(text) > MAX_CAPTION:
            return False
        # one of these stands in every credit, and in few lines
        if (
            ":" in text or "/" in text or "©" in text or "|" in text or "(" in text
        ) and _CREDITED.search(text) is not None:
            return True
        if max(text[:2] + text[-3:]) >= _EAST and _CREDITED_EAST.search(text) is not None:
            return True
        if text.endswith(_SENTENCE_ENDS) or element.tag in ("td", "body"):
            return False
        for around in (element, element.getparent()):
            if around is None or around.tag in ("article", "main", "body"):
                return False
            if (length := self._length_with_picture(around)) is not None:
                return around is element or length <= len(text)
        return False

    def _length_with_picture(self, element: etree._Element) -> int | None:
        if element not in self.around:
            pictures = islice(element.iterdescendants("img", "picture"), MAX_PICTURES)
            holds = any(not _is_amid_text(picture, element) for picture in pictures)
            self.around[element] = _length(element) if holds else None
        return self.around[element]


def _is_amid_text(picture: etree._Element, around: etree._Element) -> bool:
    """Whether a picture is a word of a line: a smiley, a formula."""
    one = picture
    while one is not around:
        previous, parent = one.getprevious(), one.getparent()
        assert parent is not None
        before = parent.text if previous is None else previous.tail
        if before and not before.isspace():
            return True
        one = parent
    return False


def _length(element: etree._Element) -> int:
    """The length of the text below an element, exact where it is no more than a caption's."""
    counted = 0
    for text in element.itertext():
        counted += len(collapse(str(text)))
        if counted > MAX_CAPTION:
            return counted
    return len(text_of(element))
