"""The signs by which a page is told to be an article or something else, each with its weight.

Together they are a logistic regression: the weights, in log-odds, are learnt and written here by
`tests/benchmarks/page_type.py`; a positive one speaks for an article, a negative one against.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import log1p

from crawler.errors import Reason
from crawler.extract import lexicon as words
from crawler.extract.account_words import is_of_accounts, is_of_contacts
from crawler.extract.evidence import Evidence

Measure = Callable[[Evidence], float]

# The log-odds of a page that shows no sign at all.
BIAS = 0.76

_NEWS_TYPE = re.compile(r"^(?!TechArticle).*(?:Article|BlogPosting|LiveBlogPosting)$|^Report$")
_FORUM_TYPES = frozenset({"DiscussionForumPosting", "QAPage"})
_LISTING_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})
_SHOP_TYPES = frozenset(
    {"Product", "ProductGroup", "Offer", "AggregateOffer", "SoftwareApplication"}
)
_SERVICE_TYPES = frozenset(
    {
        "Service",
        "LocalBusiness",
        "EducationalOccupationalProgram",
        "CollegeOrUniversity",
        "Course",
        "JobPosting",
    }
)
# Content systems' own names for what a page of their API lists.
_LISTING_KINDS = frozenset({"categories", "tags"})
_COMMON_KINDS = _LISTING_KINDS | {"", "posts", "pages"}
# What a page says of its site that also tells its articles: without one it says it is none.
_SITE_TYPES = frozenset({"Organization", "WebSite", "WebPage", "BreadcrumbList"})
# Characters of paragraphs, less than which tell little.
LITTLE_PROSE = 400
# More lines with a date than an article's own, its updates' and a few links'.
MANY_DATES = 6
_DAY = re.compile(r"/(?:19|20)\d\d[/-]?\d\d(?:[/-]?\d\d)?(?:/|-|$)")
# A month after its year and a day after its month are none.
_VERSION = re.compile(r"(?<!/[12]\d{3})(?<!/\d\d)/v?\d{1,2}(?:\.\d+)*/")
# The front page, of a site or of one of its languages.
_FRONT = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w+)?)?")
# Parameters by which a site without paths names its articles.
_CONTENT_PARAMETERS = frozenset({"p", "id", "page_id", "post", "article", "story", "nid", "aid"})
_BESIDE_NAME = re.compile(r"\s[|:·–—-]\s|\s?[|»]\s?|:\s|::")
_WORD = re.compile(r"[^\W\d_]+")
_PUNCTUATION = re.compile(r"[:,“\"«„‘'’?!]")


@dataclass(frozen=True, slots=True)
class Sign:
    """One observation: its weight, and how much of it a page shows, 0 to 1.

    `reason` is what the page is said to be where the sign is peculiar to one kind.
    """

    name: str
    weight: float
    measure: Measure
    reason: Reason | None = None


def _grows(count: float, full: float) -> float:
    """0 for none, 1 from `full` on, ever slower between."""
    return min(1.0, log1p(count) / log1p(full))


def _segment(table: str) -> Measure:
    return lambda evidence: evidence.address.segment(table)


def _host(table: str) -> Measure:
    return lambda evidence: evidence.address.hosted(table)


def _class(table: str) -> Measure:
    return lambda evidence: evidence.named(table)


def _type(types: frozenset[str]) -> Measure:
    return lambda evidence: not types.isdisjoint(evidence.types | evidence.item_types)


def _path(pattern: re.Pattern[str]) -> Measure:
    return lambda evidence: pattern.search(evidence.address.path) is not None


def _headline(pattern: re.Pattern[str]) -> Measure:
    return lambda evidence: pattern.search(evidence.metadata.headline or "") is not None


def _title(pattern: re.Pattern[str]) -> Measure:
    return lambda evidence: pattern.search(evidence.title) is not None


def _generator(pattern: re.Pattern[str]) -> Measure:
    return lambda evidence: pattern.search(evidence.generator) is not None


def _date_source(evidence: Evidence) -> str | None:
    return evidence.metadata.sources.get("date_published")


def _states_a_section(evidence: Evidence) -> bool:
    """Whether the page states one; breadcrumbs stand on shops too."""
    return evidence.metadata.sources.get("section") not in (None, "heuristic")


def _slug_words(evidence: Evidence) -> int:
    """How many words the last segment of the path has; headlines make many."""
    return len(_WORD.findall(evidence.address.path.rstrip("/").rpartition("/")[2]))


def _is_news_address(evidence: Evidence) -> bool:
    address = evidence.address
    return address.below(words.NEWS_PATH) or address.hosted(words.NEWS_HOST)


def _is_shallow(evidence: Evidence) -> bool:
    return evidence.address.path.rstrip("/").count("/") <= 2 and _slug_words(evidence) < 4


def _is_home(evidence: Evidence) -> bool:
    address = evidence.address
    front = _FRONT.fullmatch(address.path) and address.query.isdisjoint(_CONTENT_PARAMETERS)
    return bool(front) or evidence.named("home")


def _is_account_address(evidence: Evidence) -> bool:
    return any(map(is_of_accounts, evidence.address.names))


def _is_account_headline(evidence: Evidence) -> bool:
    """The site's name, beside, says nothing."""
    parts = _BESIDE_NAME.split(evidence.metadata.headline or "")
    return any(map(is_of_accounts, parts))


def _is_contact_address(evidence: Evidence) -> bool:
    """What lies below may be told: an office opens."""
    return any(map(is_of_contacts, evidence.address.names[-1:]))


def _asks_password_only(evidence: Evidence) -> bool:
    """Many pages ask for one, on their edge; a story has prose, and an author or a date."""
    is_signed = bool(evidence.metadata.authors) or _date_source(evidence) is not None
    has_story = is_signed or evidence.telling.prose >= LITTLE_PROSE or evidence.has_article_markup
    return evidence.furnishing.asks_password and not has_story and not _is_article_type(evidence)


def _is_shop_address(evidence: Evidence) -> bool:
    return evidence.address.segment(words.SHOP_PATH) or evidence.address.hosted(words.SHOP_HOST)


def _is_listing_address(evidence: Evidence) -> bool:
    return evidence.address.segment(words.LISTING_PATH) or "s" in evidence.address.query


def _is_article_type(evidence: Evidence) -> bool:
    return any(map(_NEWS_TYPE.search, evidence.types))


def _is_typed_otherwise(evidence: Evidence) -> bool:
    return not _SITE_TYPES.isdisjoint(evidence.types) and not _is_article_type(evidence)


def _is_paged(evidence: Evidence) -> bool:
    """Listings go on; so do articles of several pages, which say that they are articles."""
    return evidence.furnishing.has_next_page and not _is_article_type(evidence)


def _is_shop_type(evidence: Evidence) -> bool:
    """A review names its product too, and calls itself an article."""
    return _type(_SHOP_TYPES)(evidence) > 0 and not _is_article_type(evidence)


def _quotations(evidence: Evidence) -> float:
    """Articles quote; so do the cards that lead to them."""
    telling = evidence.telling
    return 0.0 if telling.is_cards else min(1.0, telling.quoting / 0.01)


FOR: tuple[Sign, ...] = (
    Sign("article type", 2.43, _is_article_type),
    Sign("og:type article", 0.07, lambda e: e.og_type == "article"),
    Sign("article markup", 0.42, lambda e: e.has_article_markup),
    Sign("article class", 1.41, lambda e: e.furnishing.has_article_class),
    Sign("stated date", 0.55, lambda e: _date_source(e) not in (None, "heuristic")),
    Sign("shown date", 0.68, lambda e: _date_source(e) == "heuristic" and not e.telling.is_cards),
    Sign("date by headline", 0.85, lambda e: e.telling.has_dated_headline),
    Sign("author", 0.91, lambda e: bool(e.metadata.authors)),
    Sign("section", 0.07, _states_a_section),
    Sign("single post", 0.45, _class(words.POST_CLASS)),
    Sign("post of the API", 0.29, lambda e: e.furnishing.api_kind == "posts"),
    Sign("comment feed", 1.11, lambda e: e.furnishing.comment_feed),
    Sign("share links", 1.19, lambda e: e.furnishing.has_share_links),
    Sign("news address", 0.94, _is_news_address),
    Sign("day in address", 0.17, _path(_DAY)),
    Sign("words in address", 0.34, lambda e: _grows(_slug_words(e), 10)),
    Sign("long address", 0.89, lambda e: min(1.0, len(e.address.path) / 120)),
    Sign("telling headline", 0.89, _headline(words.TELLING_HEADLINE)),
    Sign("headline punctuation", 0.91, _headline(_PUNCTUATION)),
    Sign("five paragraphs", 0.39, lambda e: e.telling.paragraphs >= 5 and not e.telling.is_cards),
    Sign("many paragraphs", 0.40, lambda e: _grows(e.telling.paragraphs, 40)),
    Sign("long paragraphs", 0.46, lambda e: min(1.0, e.telling.paragraph_length / 300)),
    Sign("quotations", 1.77, _quotations),
    Sign("questions", 0.30, lambda e: _grows(e.telling.questions, 10)),
    Sign("text is most", 0.60, lambda e: e.telling.own),
    Sign("text is together", 0.90, lambda e: e.telling.together),
    Sign("tells of others", 0.39, lambda e: min(1.0, e.telling.narrating / 0.04)),
)

_FORUM, _SHOP, _LIST = Reason.FORUM_PAGE, Reason.PRODUCT_PAGE, Reason.LISTING_PAGE
_AUTHOR, _ERROR, _SERVICE = Reason.AUTHOR_PAGE, Reason.ERROR_PAGE, Reason.SERVICE_PAGE
_LOGIN = Reason.LOGIN_PAGE
AGAINST: tuple[Sign, ...] = (
    Sign("home", -1.24, _is_home, Reason.HOME_PAGE),
    Sign("forum type", -4.03, _type(_FORUM_TYPES), _FORUM),
    Sign("forum address", -1.52, _segment(words.FORUM_PATH), _FORUM),
    Sign("forum host", -2.66, _host(words.FORUM_HOST), _FORUM),
    Sign("forum title", -0.05, _title(words.FORUM_TITLE), _FORUM),
    Sign("forum generator", -2.03, _generator(words.FORUM_GENERATOR), _FORUM),
    Sign("shop type", -1.70, _is_shop_type, _SHOP),
    Sign("og:type product", -1.09, lambda e: "product" in e.og_type, _SHOP),
    Sign("shop address", -0.46, _is_shop_address, _SHOP),
    Sign("shop class", -1.84, _class(words.SHOP_CLASS), _SHOP),
    Sign("cart links", -0.14, lambda e: e.furnishing.has_cart_links, _SHOP),
    Sign("shop names", -0.75, lambda e: min(1.0, e.furnishing.shop_names / 0.2), _SHOP),
    Sign("price", -1.08, lambda e: e.telling.prices > 0),
    Sign("listing type", -1.37, _type(_LISTING_TYPES), _LIST),
    Sign("listing address", -3.02, _is_listing_address, _LIST),
    Sign("listing class", -2.52, _class(words.LISTING_CLASS), _LIST),
    Sign("listing of the API", -3.02, lambda e: e.furnishing.api_kind in _LISTING_KINDS, _LIST),
    Sign("many dates", -0.14, lambda e: e.telling.dates >= MANY_DATES),
    Sign("next page", -1.05, _is_paged),
    Sign("pages below", -0.46, lambda e: _grows(e.furnishing.below, 25)),
    Sign("cards", -3.13, lambda e: e.telling.is_cards, _LIST),
    Sign("mostly links", -0.52, lambda e: e.telling.linked > 0.6, _LIST),
    Sign("little prose", -1.09, lambda e: e.telling.prose < LITTLE_PROSE),
    Sign("author address", -2.02, _segment(words.AUTHOR_PATH), _AUTHOR),
    Sign("author class", -4.00, _class("author"), _AUTHOR),
    Sign("profile", -3.00, lambda e: e.og_type == "profile", _AUTHOR),
    Sign("profile type", -3.00, lambda e: "ProfilePage" in e.types, _AUTHOR),
    Sign("login address", -5.00, _is_account_address, _LOGIN),
    Sign("login headline", -5.00, _is_account_headline, _LOGIN),
    Sign("asks for a password", -4.00, _asks_password_only, _LOGIN),
    Sign("error class", -8.00, _class(words.ERROR_CLASS), _ERROR),
    Sign("error headline", -8.00, _headline(words.ERROR_HEADLINE), _ERROR),
    Sign("documentation address", -3.27, _segment(words.DOCUMENTATION_PATH), _SERVICE),
    Sign("documentation host", -2.52, _host(words.DOCUMENTATION_HOST), _SERVICE),
    Sign("documentation class", -0.86, _class(words.DOCUMENTATION_CLASS), _SERVICE),
    Sign("documentation generator", -2.70, _generator(words.DOCUMENTATION_GENERATOR), _SERVICE),
    Sign("manual title", -0.46, _title(words.MANUAL_TITLE), _SERVICE),
    Sign("version in address", -0.80, _path(_VERSION)),
    Sign("code", -1.18, lambda e: _grows(e.furnishing.code, 50)),
    Sign("service type", -1.27, _type(_SERVICE_TYPES), _SERVICE),
    Sign("service address", -1.36, _segment(words.SERVICE_PATH), _SERVICE),
    Sign("contact address", -4.00, _is_contact_address, _SERVICE),
    Sign("offering headline", -0.97, _headline(words.OFFERING_HEADLINE), _SERVICE),
    Sign("calls to action", -0.99, lambda e: _grows(e.furnishing.calls, 10)),
    Sign("buttons", -0.81, lambda e: _grows(e.furnishing.buttons, 30)),
    Sign("choices", -0.41, lambda e: _grows(e.furnishing.choices, 20)),
    Sign("addresses the reader", -1.59, lambda e: min(1.0, e.telling.addressing / 0.06)),
    Sign("inviting headings", -0.67, lambda e: min(1.0, e.telling.inviting / 0.35)),
    Sign("asks for a phone number", -0.75, lambda e: e.furnishing.asks_phone),
    Sign("many headings", -1.04, lambda e: min(1.0, e.telling.headings / 0.15)),
    Sign("typed, not as article", -0.74, _is_typed_otherwise),
    Sign("own kind of the API", -0.70, lambda e: e.furnishing.api_kind not in _COMMON_KINDS),
    Sign("og:type website", -0.88, lambda e: e.og_type == "website"),
    Sign("shallow address", -0.44, _is_shallow),
)
