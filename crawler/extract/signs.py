"""The signs by which a page is told to be an article or something else, each with its weight.

Weights were chosen on some nine hundred labelled pages and rounded to halves; a positive one speaks
for an article, a negative one for what its reason names. None knows a site.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler.errors import Reason
from crawler.extract.metadata import Metadata

_NEWS_TYPE = re.compile(r"^(?!TechArticle).*(?:Article|BlogPosting|LiveBlogPosting)$|^Report$")
_FORUM_TYPES = frozenset({"DiscussionForumPosting", "QAPage"})
_LISTING_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})
_SHOP_TYPES = frozenset(
    {"Product", "ProductGroup", "Offer", "AggregateOffer", "SoftwareApplication"}
)
_SERVICE_TYPES = frozenset(
    {"Service", "LocalBusiness", "EducationalOccupationalProgram", "CollegeOrUniversity", "Course"}
)
# A last segment of four words or more, as headlines make it.
_SLUG = re.compile(r"/[^/]*(?:[^/\W_]+[-_]){3,}[^/\W_]+[^/]*/?$")
_DAY = re.compile(r"/(?:19|20)\d\d[/-]?\d\d(?:[/-]?\d\d)?(?:/|-|$)")

# Words that are a whole segment of the path.
_NEWS = r"""blogs?|news|articles?|story|stories|posts?|actualites?|magazine|opinion|guides?|learn|
    resources?|insights?"""
_FORUM = r"""forums?|threads?|topic|boards?|discussions?|questions?|t|viewtopic\.php|
    showthread\.php|community|comments|r"""
_SHOP = r"""products?|p|dp|shop|store|item|pdp|listing|collections?|browse|departments?|cart|
    checkout|c|shopping"""
_LISTING = r"""tags?|categor(?:y|ies|ie)|topics?|sections?|archives?|rubriques?|search|page/\d+|
    genre|themes?"""
_AUTHOR = r"authors?|auteurs?|autor|people|profile|user|users|members?|staff|team"
_LOGIN = r"""login|signin|sign-in|log-in|register|signup|sign-up|account|connexion|inscription|
    wp-login\.php|anmelden"""
_DOCUMENTATION = r"""docs?|documentation|reference|api|manual|man-pages|userguide|usersguide|
    handbook|help|support|faq|kb|wiki|latest|stable"""
_SERVICE = r"""services?|solutions?|platform|pricing|features?|tools?|about(?:-us)?|
    contact(?:-us)?|careers?|jobs?|programs?|insurance|portfolio|privacy(?:-policy)?|terms\S*|
    legal\S*|mentions-legales|a-propos|impressum|imprint|datenschutz"""

# Words that are a whole class on <body>, as themes and shop systems set them.
_POST_CLASS = r"""single|single-post|postid-\d+|post-template\S*|
    node-type-(?:article|story|blog\S*)|page-node-type-(?:article|blog\S*|news\S*)|article-page"""
_SHOP_CLASS = r"""single-product|woocommerce-page|template-product\S*|product-template\S*|
    page_type-product|catalog-product-view|catalog-category-view"""
_LISTING_CLASS = r"""archive|category|tag|search|search-results|paged|page-term|tax-\S+|
    page-category|post-type-archive"""
_DOCUMENTATION_CLASS = r"wy-body-for-nav|mediawiki|rustdoc|sphinx\S*|docs?-\S+"
_PAGE_CLASS = r"page-template\S*|page-id-\d+|service-template\S*"
_ERROR_CLASS = r"error404|error-404|page-404|not-found"

# How sites head a page that is not there while they answer that all is well.
_ERROR_HEADLINE = re.compile(
    r"(?:erreur|error|fehler)?\W*404\b|page (?:introuvable|non trouvée|not found|inconnue)|"
    r"(?:cette|la) page n.existe (?:pas|plus)|(?:this|the) page (?:does not|doesn.t) exist|"
    r"(?:this|the|that) page (?:could not|couldn.t|cannot|can.t) be found|"
    r"seite (?:wurde )?nicht gefunden|p[áa]gina n(?:o|ão) encontrada|pagina (?:non trovata|"
    r"niet gevonden)|sidan (?:kunde inte hittas|hittades inte)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the signs are read from.

    `prose` counts the characters of the body's paragraphs, `teasers` the headings among them that
    are links; `linked` is the share of all the page's text that is links, 0 to 1.
    """

    host: str
    path: str
    query: frozenset[str]
    types: frozenset[str]
    og_type: str
    body_class: str
    has_article_markup: bool
    metadata: Metadata
    prose: int
    paragraphs: int
    teasers: int
    linked: float

    def segment(self, words: str) -> bool:
        """Whether a segment of the path is, as a whole, one of the words."""
        return re.search(rf"/(?:{words})(?=/|$)", self.path, re.VERBOSE) is not None

    def below(self, words: str) -> bool:
        """Whether something lies below such a segment: a section's own page does not count."""
        return re.search(rf"/(?:{words})/[^/]", self.path, re.VERBOSE) is not None

    def named(self, words: str) -> bool:
        """Whether a class on <body> is, as a whole, one of the words."""
        return re.search(rf"(?:^|\s)(?:{words})(?=\s|$)", self.body_class, re.VERBOSE) is not None

    def hosted(self, words: str) -> bool:
        """Whether the first label of the host is one of the words."""
        return re.match(rf"(?:{words})\.", self.host) is not None


@dataclass(frozen=True, slots=True)
class Sign:
    """One observation: what it weighs for an article, and else what it says the page is."""

    name: str
    weight: float
    seen: Callable[[Evidence], bool]
    reason: Reason | None = None


def _date_source(evidence: Evidence) -> str | None:
    return evidence.metadata.sources.get("date_published")


def _is_shallow(evidence: Evidence) -> bool:
    return evidence.path.rstrip("/").count("/") <= 2 and not _SLUG.search(evidence.path)


def _is_home(evidence: Evidence) -> bool:
    return (evidence.path in ("", "/") and not evidence.query) or evidence.named("home")


def _is_cards(evidence: Evidence) -> bool:
    return evidence.teasers >= 4 and 2 * evidence.teasers >= evidence.paragraphs


def _is_error(evidence: Evidence) -> bool:
    return _ERROR_HEADLINE.match(evidence.metadata.headline or "") is not None


def _is_anonymous(evidence: Evidence) -> bool:
    return not evidence.metadata.authors and evidence.metadata.date_published is None


FOR: tuple[Sign, ...] = (
    Sign("article type", 3.5, lambda e: any(map(_NEWS_TYPE.search, e.types))),
    Sign("og:type article", 1.0, lambda e: e.og_type == "article"),
    Sign("stated date", 1.5, lambda e: _date_source(e) not in (None, "heuristic")),
    Sign("shown date", 1.0, lambda e: _date_source(e) == "heuristic" and not _is_cards(e)),
    Sign("author", 1.0, lambda e: bool(e.metadata.authors)),
    Sign("single post", 2.0, lambda e: e.named(_POST_CLASS)),
    Sign("news address", 1.5, lambda e: e.below(_NEWS) or e.hosted("blog|news")),
    Sign("day in address", 2.0, lambda e: _DAY.search(e.path) is not None),
    Sign("slug", 1.0, lambda e: _SLUG.search(e.path) is not None),
    Sign("html address", 0.5, lambda e: e.path.endswith((".html", ".htm", ".shtml", ".php"))),
    Sign("article markup", 1.5, lambda e: e.has_article_markup),
    Sign("much prose", 0.5, lambda e: e.paragraphs >= 5),
)

_HOME, _FORUM_PAGE, _SHOP_PAGE = Reason.HOME_PAGE, Reason.FORUM_PAGE, Reason.PRODUCT_PAGE
_LIST, _SERVICE_PAGE = Reason.LISTING_PAGE, Reason.SERVICE_PAGE
AGAINST: tuple[Sign, ...] = (
    Sign("home", -6.0, _is_home, _HOME),
    Sign("forum type", -6.0, lambda e: bool(_FORUM_TYPES & e.types), _FORUM_PAGE),
    Sign("forum address", -4.0, lambda e: e.segment(_FORUM), _FORUM_PAGE),
    Sign("forum host", -4.0, lambda e: e.hosted("forums?|community|discuss|boards?"), _FORUM_PAGE),
    Sign("shop type", -3.0, lambda e: bool(_SHOP_TYPES & e.types), _SHOP_PAGE),
    Sign("og:type product", -5.0, lambda e: "product" in e.og_type, _SHOP_PAGE),
    Sign("shop address", -3.5, lambda e: e.segment(_SHOP) or e.hosted("shop|store"), _SHOP_PAGE),
    Sign("shop class", -3.0, lambda e: e.named(_SHOP_CLASS), _SHOP_PAGE),
    Sign("listing type", -2.0, lambda e: bool(_LISTING_TYPES & e.types), _LIST),
    Sign("listing address", -3.0, lambda e: e.segment(_LISTING) or "s" in e.query, _LIST),
    Sign("listing class", -4.0, lambda e: e.named(_LISTING_CLASS), _LIST),
    Sign("teasers", -3.0, _is_cards, _LIST),
    Sign("mostly links", -2.0, lambda e: e.linked > 0.6, _LIST),
    Sign("little prose", -1.0, lambda e: e.prose < 400, _LIST),
    Sign("author address", -3.0, lambda e: e.segment(_AUTHOR), Reason.AUTHOR_PAGE),
    Sign("author class", -4.5, lambda e: e.named("author"), Reason.AUTHOR_PAGE),
    Sign("profile", -4.0, lambda e: e.og_type == "profile", Reason.AUTHOR_PAGE),
    Sign("profile type", -4.0, lambda e: "ProfilePage" in e.types, Reason.AUTHOR_PAGE),
    Sign("login address", -6.0, lambda e: e.segment(_LOGIN), Reason.LOGIN_PAGE),
    Sign("error class", -8.0, lambda e: e.named(_ERROR_CLASS), Reason.ERROR_PAGE),
    Sign("error headline", -8.0, _is_error, Reason.ERROR_PAGE),
    Sign("documentation", -4.0, lambda e: e.segment(_DOCUMENTATION), _SERVICE_PAGE),
    Sign(
        "documentation host",
        -4.0,
        lambda e: e.hosted("docs?|developers?|dev|wiki|help|support|api|man|learn"),
        _SERVICE_PAGE,
    ),
    Sign("documentation class", -3.0, lambda e: e.named(_DOCUMENTATION_CLASS), _SERVICE_PAGE),
    Sign("service type", -2.0, lambda e: bool(_SERVICE_TYPES & e.types), _SERVICE_PAGE),
    Sign("service address", -3.0, lambda e: e.segment(_SERVICE), _SERVICE_PAGE),
    Sign("page template", -1.5, lambda e: e.named(_PAGE_CLASS), _SERVICE_PAGE),
    Sign("og:type website", -1.0, lambda e: e.og_type == "website", _SERVICE_PAGE),
    Sign("shallow address", -0.5, _is_shallow, _SERVICE_PAGE),
    Sign("unsigned, undated", -1.5, _is_anonymous, _SERVICE_PAGE),
)
