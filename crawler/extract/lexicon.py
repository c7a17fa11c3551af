"""The words by which kinds of pages give themselves away: in addresses, classes, titles, buttons.

They belong to languages and publishing systems, never to a site. The tables for addresses and
classes are of whole words, for `re.VERBOSE`.
"""

from __future__ import annotations

import re

# Words that are a whole segment of the path.
NEWS_PATH = r"""blogs?|news|articles?|story|stories|posts?|actualites?|magazine|opinion|guides?|
    resources?|insights?|recipes?|rezepte?|recettes?|nachrichten|artikel|noticias|notizie|
    nieuws|aktuelles|press(?:e|emitteilungen|-releases?)?"""
FORUM_PATH = r"""forums?|threads?|topic|boards?|discussions?|questions?|t|viewtopic\.php|
    showthread\.php|community|comments|r"""
SHOP_PATH = r"""products?|p|dp|shop|store|item|pdp|listing|collections?|browse|departments?|cart|
    checkout|c|shopping|boutique|produits?|produkte?"""
LISTING_PATH = r"""tags?|categor(?:y|ies|ie)|topics?|sections?|archives?|rubriques?|search|
    page/\d+|genre|themes?|subject|directory"""
AUTHOR_PATH = r"authors?|auteurs?|autor|people|profile|user|users|members?|staff|team"
DOCUMENTATION_PATH = r"""docs?|documentation|reference|api|manual|man-pages|userguide|usersguide|
    handbook|help|support|faq|kb|wiki|latest|stable"""
SERVICE_PATH = r"""services?|solutions?|platform|pricing|features?|tools?|about(?:-us)?|
    contact(?:-us)?|careers?|jobs?|programs?|insurance|portfolio|privacy(?:-policy)?|terms\S*|
    legal\S*|events?|mentions-legales|a-propos|impressum|imprint|datenschutz"""

# Words that are the first label of the host.
NEWS_HOST = r"blog|news|magazine?|presse?"
FORUM_HOST = r"forums?|community|discuss(?:ions?)?|boards?"
SHOP_HOST = r"shop|store"
DOCUMENTATION_HOST = r"docs?|developers?|dev|wiki|help|support|api|man|learn"

# Words that are a whole class on <body>, as themes and shop systems set them.
POST_CLASS = r"""single|single-post|postid-\d+|post-template\S*|
    node-type-(?:article|story|blog\S*)|page-node-type-(?:article|blog\S*|news\S*)|article-page"""
SHOP_CLASS = r"""single-product|woocommerce-page|template-product\S*|product-template\S*|
    page_type-product|catalog-product-view|catalog-category-view"""
LISTING_CLASS = r"""archive|category|tag|search|search-results|paged|page-term|tax-\S+|
    page-category|post-type-archive"""
DOCUMENTATION_CLASS = r"wy-body-for-nav|mediawiki|rustdoc|sphinx\S*|docs?-\S+"
ERROR_CLASS = r"error404|error-404|page-404|not-found"

# The <meta name=generator> of what makes documentation, or forums, and nothing else.
DOCUMENTATION_GENERATOR = re.compile(
    r"docusaurus|sphinx|mkdocs|gitbook|mediawiki|antora|docfx|rustdoc|mdbook|vitepress|docbook|"
    r"doxygen|asciidoctor|starlight",
    re.IGNORECASE,
)
FORUM_GENERATOR = re.compile(
    r"discourse|flarum|vbulletin|xenforo|phpbb|mybb|invision|nodebb|lemmy|woltlab", re.IGNORECASE
)

# How sites head a page that is not there while they answer that all is well.
ERROR_HEADLINE = re.compile(
    r"(?:erreur|error|fehler|errore|erro|fout|fel|błąd|chyba|virhe|hata|ошибка|помилка|خطأ|错误|錯誤|"
    r"エラー|오류)\W*404\b|^\W*404\b\W*$|^\W*404\s*[-–—:|](?:\W*[^\W\d]+){1,2}\W*$|"
    r"^\W*404\b\W*(?:error|erreur|fehler|not found|page|file|seite|página|pagina|nicht|non|no|"
    r"introuvable)\b|page (?:introuvable|non trouvée|not found|inconnue)|"
    r"(?:cette|la) page n.existe (?:pas|plus)|(?:this|the) page (?:does not|doesn.t) exist|"
    r"(?:this|the|that) page (?:could not|couldn.t|cannot|can.t) be found|"
    r"seite (?:wurde )?nicht gefunden|p[áa]gina n(?:o|ão) encontrada|pagina (?:non trovata|"
    r"niet gevonden)|sidan (?:kunde inte hittas|hittades inte)",
    re.IGNORECASE,
)
# How explainers, interviews and lists of advice are headed.
TELLING_HEADLINE = re.compile(
    r"^(?:(?:the )?(?:top )?\d+ |what|how|why|when|where|who |which|can |is |are |do(?:es)? |wie |"
    r"was |warum |wann |wer |comment |pourquoi |que |qu.est-ce|quand |cómo |qué |por qué |come |"
    r"perché |como |hoe |waarom )|\b(?:tips|reasons|ways|guide to|explained|vs|review|interview|"
    r"tipps|gründe|conseils|raisons|entretien|consejos|razones|consigli)\b|\?$",
    re.IGNORECASE,
)
# How pages are headed that sell or offer something.
OFFERING_HEADLINE = re.compile(
    r"\b(?:services?|software|pricing|courses?|certifica\w+|programs?|rentals?|tools?|checker|"
    r"calculator|for sale|shop|buy|free|trial|company|agency|degrees?|solutions?|platform|"
    r"products?|insurance|contractors?|repair|consulting|directory|collections?|catalog|"
    r"coupons?|lessons|category|categories|compare|leistungen|angebote?|preise|kaufen|produkte|"
    r"tarifs?|formations?|logiciels?|boutique|acheter|prestations|servicios|precios|cursos|"
    r"comprar|servizi|prezzi|corsi)\b",
    re.IGNORECASE,
)
FORUM_TITLE = re.compile(
    r"\b(?:forums?|community|discussions?|thread|topic|board|foren|communauté|foro)\b",
    re.IGNORECASE,
)
MANUAL_TITLE = re.compile(
    r"\b(?:documentation|docs|manual|reference|wiki|api|overview|chapter|readme|specification|"
    r"handbook|user guide|man page|handbuch|dokumentation|manuel|référence)\b",
    re.IGNORECASE,
)

# The first two words of a button that asks a reader to become a customer.
CALLS_TO_ACTION = frozenset({
    "get started", "get a", "get my", "get your", "get quote", "free quote", "request a",
    "request an", "request info", "request information", "request demo", "book a", "book an",
    "book now", "book your", "book online", "schedule a", "schedule an", "schedule your",
    "start free", "start a", "start for", "start your", "start now", "free trial", "try free",
    "try for", "try it", "try now", "contact us", "contact sales", "talk to", "call us",
    "call now", "apply now", "apply online", "learn more", "shop now", "shop all", "buy now",
    "add to", "view all", "view details", "view product", "view more", "see all", "see details",
    "order now", "order online", "enroll now", "enroll today", "join now", "get demo",
    "watch demo", "view demo", "see pricing", "view pricing", "find out", "sign up",
    "in den", "jetzt kaufen", "jetzt bestellen", "jetzt buchen", "jetzt anfragen", "mehr erfahren",
    "kostenlos testen", "angebot anfordern", "ajouter au", "acheter maintenant", "essai gratuit",
    "contactez-nous", "demander un", "en savoir", "réserver", "añadir al", "comprar ahora",
    "solicitar", "contáctanos", "aggiungi al", "acquista ora", "richiedi",
})  # fmt: skip
# What stands in the links by which readers pass an article on.
SHARE_LINKS = (
    "facebook.com/share", "facebook.com/dialog", "twitter.com/intent", "twitter.com/share",
    "x.com/intent", "linkedin.com/share", "whatsapp.com/send", "whatsapp://", "t.me/share",
    "mailto:?", "pinterest.com/pin/create", "reddit.com/submit", "bsky.app/intent",
)  # fmt: skip
CART_LINKS = ("/cart", "/checkout", "/basket", "/warenkorb", "/panier", "/carrito", "/carrello")

# The words of one who addresses a customer.
ADDRESSING = frozenset({
    "you", "your", "yours", "you're", "you'll", "you’re", "you’ll", "our", "we", "us", "we're",
    "we'll", "we've", "we’re", "we’ll", "we’ve", "vous", "votre", "vos", "notre", "nos", "nous",
    "sie", "ihr", "ihre", "ihren", "ihrem", "ihrer", "wir", "uns", "unser", "unsere", "unseren",
    "usted", "su", "sus", "nuestro", "nuestra", "nuestros", "tu", "tus", "u", "uw", "ons", "onze",
})  # fmt: skip
# The words of one who tells of others; German "sie" is left out, since it addresses as often.
NARRATING = frozenset({
    "he", "she", "his", "her", "him", "they", "their", "them", "er", "ihn", "ihm", "seine",
    "seinen", "seiner", "il", "elle", "ils", "elles", "leur", "leurs", "él", "ella", "ellos", "lui",
    "lei", "egli", "hij", "zij", "hun", "haar",
})  # fmt: skip
# How headings begin within a page that wants its reader to do something, or shows its wares.
INVITING_HEADING = re.compile(
    r"(?:get|find|discover|explore|shop|learn|see|try|start|join|contact|request|book|schedule|buy|"
    r"compare|choose|meet|build|browse|ready|unlock|experience|call|enjoy|save|sign up|subscribe|"
    r"our|your|why choose|trusted|what our|related|you may|customers?|popular|featured|about us|"
    r"frequently asked|entdecken|jetzt|ihre?|unsere?|warum wir|kontakt|häufige fragen|kunden|"
    r"découvr\w+|nos|notre|vos|votre|pourquoi (?:nous|choisir)|contact\w+|questions fréquentes|"
    r"descubr\w+|nuestr[oa]s?|por qué elegir|preguntas frecuentes|scopri|i nostri|le nostre)\b",
    re.IGNORECASE,
)
# What classes are called in a shop, wherever they stand in the name.
SHOP_NAMES = re.compile(r"product|price|cart|sku|variant|wishlist")
PRICE = re.compile(
    r"(?:[$€£¥]|US\$|USD|EUR|CHF)\s?\d|\d[ \u00a0\u202f]?(?:€|EUR\b|USD\b|zł|kr\b|Kč|Ft\b|₽|руб\b|"
    r"лв\b|₴|грн\b|円|元|원|TL\b|₺)"
)
