"""A newspaper whose pages repeat themselves: six blocks of furniture inside the body's container.

Beside them stands what only looks like it: quotes that two articles share, a weekly column with the
same headings and the same opening line, and reports that say the same with other numbers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from tests.markup import EPOCH, Story, rss
from tests.server import Body, Site

# Words by which to find each block again, and its HTML. It has no words that an extractor goes by;
# the first counts other households each time.
FURNITURE = {
    "have the Gazette": "<p>Already {count} households have the Gazette in the letterbox before "
    "the kettle boils.</p>",
    "advice on money": "<p>Nothing printed here is advice on money, health or law, and nobody at "
    "this paper answers for what is done on the strength of it.</p>",
    "from the quay desk": "<div class='box'><h3>Letters from the quay desk</h3><p>On Fridays the "
    "editors write down what moved them most, and the letter costs nothing.</p></div>",
    "pocket edition": "<p>With our pocket edition the news is at hand in the tram, in the queue "
    "and under the blanket.</p>",
    "where people talk": "<p>You meet us where people talk: on the web, on the radio and in the "
    "market hall.</p>",
    "the desk was wrong": "<ul><li>Tell the desk what we should look into</li><li>Say where the "
    "desk was wrong</li><li>See how the desk works</li></ul>",
}
# Of the articles, so many have a block; where it stands is another place each time.
_SHARE = 0.7
_COLUMN_EVERY = 12
_REPORT_EVERY = 10
_COLUMN_OPENING = "Once a week the cook of the harbour inn lets a reader look into the pot."
_SUBJECTS = """
    ferrymen gardeners weavers brewers masons printers singers farriers cyclists bakers potters
    divers clerks miners drummers glaziers
"""
_PLACES = """
    lighthouse weir cannery chapel ropewalk gasworks brickyard customhouse sluice orchard
    racecourse quarry shipyard tollgate almshouse windmill
"""
_DEEDS = ("counted", "mended", "photographed", "measured", "painted", "closed", "sold")


@dataclass(frozen=True, slots=True)
class Told:
    """An article: what a reader would say it tells, as paragraphs, and its page."""

    path: str
    headline: str
    paragraphs: tuple[str, ...]
    html: str

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)


def newspaper(count: int, first: int = 1) -> list[Told]:
    """So many articles; another call with a later `first` goes on."""
    return [_article(number) for number in range(first, first + count)]


def furniture_in(text: str) -> set[str]:
    """The blocks of furniture that stand in a text."""
    return {words for words in FURNITURE if words in text}


def publish(site: Site, articles: list[Told]) -> None:
    """Put the articles on a site, in its feed, newest first."""
    listed = []
    for number, article in enumerate(articles):
        site.paths[article.path] = Body(article.html)
        listed.append((urljoin(site.url, article.path), Story(number)))
    site.paths["/"] = Body(rss(reversed(listed)), "application/rss+xml")


def _article(number: int) -> Told:
    chance = random.Random(number)
    pieces = [("p", _paragraph(chance)) for _ in range(chance.randint(4, 8))]
    pieces.insert(2, ("p", _quote(number // 2)))
    if number % _COLUMN_EVERY == 0:
        pieces = _column(chance)
    elif number % _REPORT_EVERY == 0:
        pieces.append(("p", _report(chance)))
    headline = f"{number}: {_sentence(chance)[:-1]}"
    html = [f"<{tag}>{text}</{tag}>" for tag, text in pieces]
    for block in FURNITURE.values():
        if chance.random() < _SHARE:
            place = chance.randint(1, len(html))
            html.insert(place, block.format(count=f"{chance.randint(20, 90)},{number:03}"))
    published = (EPOCH + timedelta(hours=number)).isoformat()
    page = (
        f"<!doctype html><html lang='en'><head><title>{headline}</title>"
        f"<meta property='article:published_time' content='{published}'>"
        "<meta property='og:type' content='article'></head>"
        f"<body><article><h1>{headline}</h1>{''.join(html)}</article></body></html>"
    )
    return Told(f"/2026/03/{number}-harbour-news.html", headline, tuple(t for _, t in pieces), page)


def _sentence(chance: random.Random) -> str:
    who, others = chance.sample(_SUBJECTS.split(), 2)
    where, there = chance.sample(_PLACES.split(), 2)
    deed = chance.choice(_DEEDS)
    return (
        f"The {who} {deed} the {where} with {chance.randint(2, 99)} {others} from the {there}, "
        f"which took {chance.randint(2, 60)} days."
    )


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(3))


def _quote(pair: int) -> str:
    """What two articles in a row quote word by word."""
    return f"“{_sentence(random.Random(-pair - 1))} Nobody asked us,” the mayor said."


def _report(chance: random.Random) -> str:
    return (
        f"At the quay the herring was sold at {chance.randint(100, 999)} a barrel, up by "
        f"{chance.randint(1, 9)} since the last market day."
    )


def _column(chance: random.Random) -> list[tuple[str, str]]:
    return [
        ("p", _COLUMN_OPENING),
        ("p", _paragraph(chance)),
        ("h2", "What goes into the pot"),
        ("p", _paragraph(chance)),
        ("h2", "How it is done"),
        ("p", _paragraph(chance)),
    ]
