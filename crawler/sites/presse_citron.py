"""presse-citron.net: a French technology magazine with shop and app boxes in its texts.

The boxes are known by their words, which have outlived several of the site's themes.
"""

from __future__ import annotations

import re
from typing import ClassVar

from web_poet import handle_urls

from crawler.extract.page import ArticlePage


@handle_urls("presse-citron.net")
class PresseCitronPage(ArticlePage):
    """An article that ends in a price line, a line of pleas to follow, and a box for an app."""

    furniture_line: ClassVar[re.Pattern[str] | None] = re.compile(
        r"""
        .*\bau\ meilleur\ prix\b.*              # Montre X au meilleur prix
        | Prix\ de\ base\s*:.*                  # Prix de base : 149 €
        | 📍.*                                   # 📍 Pour ne manquer aucune actualité …
        | Par\s*:\s.*                            # Par : the app's publisher
        | \d(?:[.,]\d)?\s/\s5                    # 4.4 / 5
        | [\d.,]+(?:\s[kM])?\savis              # 12,8 k avis
        """,
        re.VERBOSE,
    )
