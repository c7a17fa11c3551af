"""Rules of what on a page is not the article: by an element's role, and by a line's words.

Element rules mark whole regions (navigation, related links, share bars, comments); line rules
catch what themes put between the paragraphs. Both know markup and languages, never a site.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache

from crawler.extract.foreign_names import CERTAIN_NAMES, FURNITURE_NAMES
from crawler.extract.furniture_words import is_furniture_worded

# Never text a reader reads as prose, wherever they stand.
SKIPPED_TAGS = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
    "map", "video", "audio", "select", "option", "input", "textarea", "datalist", "head",
    "title", "link", "meta", "annotation", "annotation-xml", "amp-ad", "amp-social-share",
    "amp-sidebar", "amp-analytics",
})  # fmt: skip
# Regions that hold an article's text on some pages and its furniture on most.
SUSPECT_TAGS = frozenset({"aside", "header", "form"})
# Regions that are never text, unless a page forgets to close them.
NAVIGATION_TAGS = frozenset({"nav", "footer", "button", "dialog", "menu", "label"})

# Words of class, id and role attributes that mark furniture. Matched as whole words after the
# attribute is split at hyphens, underscores and humps, so "ad" does not match "header".
FURNITURE = re.compile(
    r"""(?:^|\ )(?:
    (?:related|recommend\w*|recirc\w*|similar|outbrain|taboola|trending|popular|most\ (?:read|
       viewed)|
       more\ (?:stories|articles|posts|news|from|on)|
       breaking\ (?:news|block|bar|ticker)|(?:latest|recent|top)\ (?:news|posts?|stories|articles)|
       read\ (?:more|also|next|on)|also\ (?:read|
       like|in)|
       further\ reading|you\ may|see\ also|up\ next|next\ (?:post|article|up)|
       prev(?:ious)?\ (?:post|article)|
       post\ navigation|nav(?:igation|bar|s)?|pagination|pager|page\ links|breadcrumbs?|menu|
       table\ (?:of\ )?contents|\w{0,4}toc|cross\ ?link\w*|jump\ links?|skip\ links?|a\ lire|
       lire\ aussi|en\ relation|
       sur\ le\ meme)|
    (?:shar(?:e|ing|er|ebar|edaddy|es)|share\w*|social\w*|addtoany|addthis|sociable|
       jp\ relatedposts|
       follow(?:\ us)?|suivez|news\ ?letter\w*|signup|sign\ up|subscri\w+|abo(?:nnement)?|opt\ in|
       mailchimp|
       mc4wp|whatsapp|telegram|push\ notification)|
    (?:ads?|advert\w*|adsense|dfp|gpt|adslot|banner\w*|promo\w*|sponsor\w*|werbung|anzeige|
       publicite|
       affiliate\w*|partner\ (?:box|links?)|commercial|cta|call\ to\ action|donat\w+|paywall\w*|
       piano|
       regwall|restricted|cookie\w*|consent|gdpr|popup|modal|overlay|lightbox|toast|tooltip|
       offcanvas)|
    (?:comments?(?!\ (?:enabled|disabled|open|closed|allowed|on|off))|
       commentlist|respond|disqus\w*|discussion|replies|reply|livefyre|coral|
       kommentare?)|
    (?:author\ (?:box|bio|info|card|about|profile|description|section|area|block|wrap\w*|
       container|row|details|text|role|job|title)|vcard|autor|auteur|reviewed(?:\ by)?|
       about\ author|about\ the\ author|
       bio|biography|byline\w*|
       dateline|pub\ ?date|published|timestamp|post\ date|entry\ (?:meta|footer|utility)|
       post\ (?:meta|footer|info|details|tags)|article\ (?:meta|footer|info|tags|tools|actions)|
       meta\ (?:data|info|bar)|metadata|postmeta|posted\ (?:on|by)|reading\ time|read\ time|
       tags?|tag\ (?:list|cloud|links)|
       taglist|tagcloud|cat\ links|categories|keywords|topics|rating|ratings|votes?|
       stars|review\ box|infobar|toolbar|tools|actions|utility|print|copyright|credits|
       disclaimer|legal|pull\ ?quotes?)|
    (?:twitter\ tweet|twitter\ video|instagram\ media|tiktok\ embed|fb\ post|bluesky\ embed|
       reddit\ embed|
       mastodon\ embed|embed\ (?:twitter|instagram|facebook|tiktok)|tweet|embed)|
    (?:(?<!with\ )(?<!has\ )(?<!no\ )(?<!and\ )(?<!content\ )sidebar(?!\ (?:wrap|gutter|layout))|
       side\ bar|rail|right\ col\w*|(?<!elementor\ )(?<!wrapper\ )widgets?(?!\ (?:type|span))|
       info\ ?box|fact\ ?box|teasers?|cards?|tiles?|carousel|slider|
       slick|swiper|
       gallery\ (?:thumbs|nav)|thumbs|footers?|masthead|site\ header|topbar|colophon|
       price\w*|buy\w*|product\ (?:box|card|widget|tile|grid|carousel|promo|link|list)s?|shop|deal|
       deals|offer|offers|pricing|bon\ plan|app\ (?:box|
       card|store)|
       appbox|podcast\ player|audio\ player|player|video\ (?:player|playlist)|playlist|
       ^(?:is\ )?hidden$|
       screen\ reader\w*|sr\ only|visually\ ?hidden|assistive|noprint|no\ print)
    )(?=\ |$)""",
    re.VERBOSE,
)
# Class words that make an element the article's own, whatever else its classes say.
CONTENT = re.compile(
    r"(?:^| )(?:(?:article|entry|post|story|page|main|blog|news) ?(?:content|body|text|copy)"
    r"|articlebody|articletext|storytext|storycontent|postcontent|entrycontent|hentry|rich ?text"
    r"|wysiwyg|prose|field item even|content body|body ?text|text ?body|single ?content)(?: |$)"
)
# Names that are never a theme's odd word for its content.
_CERTAIN = re.compile(
    r"\b(?:related|recommend\w*|comments?|commentlist|respond|cookie\w*|consent|gdpr|newsletter\w*|"
    r"outbrain|taboola|trending|popular|share|sharing|social\w*|breadcrumbs?|footer|modal|popup|tweet|"
    r"data nosnippet|itemtype person|pull ?quotes?|"
    r"(?:twitter|instagram|tiktok|bluesky|reddit|mastodon) (?:tweet|media|embed))\b"
)
# Cards that hold the article's own recipe: ingredients and steps, which a cook comes for.
RECIPE = re.compile(r"(?:^| )(?:recipe (?:cards?|box|content)|recipe ?card)(?: |$)")
# What shows over a word of the text when one points at it: a profile, an explanation.
HOVERING = re.compile(
    r"(?:^| )(?:(?:rollover|popover|tool ?tip)(?: \w+)? ?"
    r"(?:text|content|body|inner|box|block|card|panel|bubble)|hover ?card)(?: |$)"
)
HIDDEN = "hidden"
CAPTION = re.compile(
    r"(?:^| )(?:(?:images?|photo|img|media|figure|picture|gallery|wp|slide|video) ?"
    r"(?:captions?|credits?|legend|description|copyright)(?: text)?|captions?(?: text)?|"
    r"legende?|bildunterschrift|image (?:source|description)|photographer)$"
)
# A name that says so ends in one of these; few end so, and the pattern takes its time.
CAPTION_ENDS = (
    "caption", "captions", "credit", "credits", "legend", "legende", "description", "copyright",
    "text", "bildunterschrift", "source", "photographer",
)  # fmt: skip
# What lies over the page until the reader has answered, as long as a short story.
_OVERLAY = re.compile(r"\b(?:cookie\w*|consent|gdpr|dialog)\b")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_WORDS_ONLY = bytes(
    byte if chr(byte) in f"{string.ascii_lowercase}{string.digits}" else 0x20 for byte in range(256)
)


@lru_cache(maxsize=16_384)
def words_of(attribute: str) -> str:
    """Return a class or id as plain lower-case words, split at hyphens, underscores and humps."""
    if not attribute.islower():
        attribute = _HUMP.sub(" ", attribute).lower()
    if not attribute.isascii():
        return _NOT_WORD.sub(" ", attribute).strip()
    return b" ".join(attribute.encode().translate(_WORDS_ONLY).split()).decode()


def is_furniture(words: str) -> bool:
    """Whether a name, as its words, marks furniture."""
    return FURNITURE.search(words) is not None or not FURNITURE_NAMES.isdisjoint(words.split())


@lru_cache(maxsize=16_384)
def is_certain(name: str) -> bool:
    """Whether a furniture name means nothing else on any site: comments, related, consent, …"""
    if name == HIDDEN or name in NAVIGATION_TAGS:
        return True
    words = words_of(name)
    return _CERTAIN.search(words) is not None or not CERTAIN_NAMES.isdisjoint(words.split())


@lru_cache(maxsize=16_384)
def is_overlay(name: str) -> bool:
    """Whether a furniture name means what lies over the page: a question, not its content."""
    return _OVERLAY.search(words_of(name)) is not None


# Lines that stand alone between paragraphs, in the languages of the big news markets.
_LINE = re.compile(
    r"""^\W*(?:
    (?:read|see)\ (?:more|also|next|on(?!\ (?:for|to)\b))\b.{0,120}$ |
    (?:also|further)\ read(?:ing)?\b.{0,120}$ |
    (?:recommended\ (?:for|articles?|reading|reads|stories|posts|videos?)|related|
       more\ (?:on(?!\ th(?:at|is)\b)|from|stories|news)|
       you\ (?:may|might)\ (?:also\ )?(?:like|enjoy|be\ interested\ in)|don['’]t\ miss|
       trending|most\ (?:read|popular)|what\ to\ read\ next|keep\ reading|continue\ reading|
       story\ continues)\b.{0,100}$ |
    (?:(?:à|a)\ (?:lire|voir|écouter)(?:\ (?:aussi|également|sur|ensuite))?|lire\ (?:aussi|
       également|la\ suite|plus)|
       voir\ aussi|sur\ le\ même\ sujet|nos\ articles|pour\ aller\ plus\ loin|
       en\ savoir\ plus)\b.{0,160}$ |
    (?:lesen\ sie\ (?:auch|hier|mehr|dazu)|mehr\ zum\ thema|mehr\ dazu|auch\ interessant|
       weiterlesen|das\ könnte\ sie)\b.{0,140}$ |
    (?:lea|lee|ver|leer)\ (?:también|más|además)\b.{0,140}$ | te\ puede\ interesar\b.{0,140}$ |
    (?:leggi|guarda)\ (?:anche|pure|tutto)\b.{0,140}$ | (?:leia|veja)\ (?:também|
       mais)\b.{0,140}$ |
    lees\ (?:ook|meer)\b.{0,140}$ | (?:czytaj|zobacz)\ (?:też|także|więcej)\b.{0,140}$ |
       läs\ (?:också|mer|även)\b.{0,140}$ |
    (?:advertisement|advertising|publicité|anzeige|werbung|publicidad|pubblicità|publicidade|
       annons|reklama|sponsored|ad)\W*$ |
    (?:share|partager|teilen|compartir|condividi|compartilhar|tweet|pin\ it|print|e-?mail|
       copy\ link|save|imprimer|
       facebook|twitter|whatsapp|linkedin|pinterest|telegram|reddit)(?:\ (?:this|on|via|it|the|
       sur|par|auf|en|su|link|article|story|post)\b.{0,60})?\W*$ |
    (?:follow\ (?:us|me|our)|like\ (?:us|me|our\ \w+)\ on)\b.{0,160}$ |
       follow\ the\ \w+\b.{0,60}\b(?:on|at|via)\b.{0,80}$ | join\ (?:us|our|
       the\ conversation)\b.{0,140}$ |
    (?:sign\ up|subscribe|register)\b.{0,180}$ |
       get\ (?:the|our)\ .{0,80}\b(?:newsletter|app|inbox|alerts)\b.{0,80}$ |
       click\ here\b.{0,100}$ |
    prix\ de\ base\s*:.{0,40}$ |
    (?:best|lowest)\ price\b.{0,60}$ | \d(?:[.,]\d)?\s*/\s*(?:5|10)\W*$ |
    \d+\s*(?:of|von|sur|de|di|van|av|из)\s*\d+\W*$ |
    [\d.,\s★☆⭐()/]{1,24}[km]?\s*(?:avis|reviews?|ratings?|bewertungen|opiniones|recensioni)\W*$ |
    (?:\d+\s+)?(?:comments?|commentaires?|kommentare?|comentarios|commenti|
       réactions?)(?:\s*\(?\d*\)?)\W*$ |
    (?:leave|post|add|write)\ (?:a|your)\ (?:comment|reply)\W*.{0,20}$ |
       no\ (?:comments?|responses?|replies)(?:\ (?:yet|so\ far))?\W*$ |
       (?:laissez?r?|écri(?:re|vez)|aucun)\ (?:un\ )?commentaire\W*$ | kommentieren\W*$ |
       (?:keine|schreiben?(?:\ sie)?\ einen|hinterlassen?(?:\ sie)?\ einen)\ kommentare?\W*$ |
       kommentar\ (?:schreiben|verfassen|hinterlassen|abgeben)\W*$ |
       (?:deja|escribe)\ (?:un|tu)\ comentario\W*$ | lascia\ un\ commento\W*$ |
       deixe\ (?:um|o\ seu|seu)\ comentário\W*$ | plaats\ een\ reactie\W*$ |
       dodaj\ komentarz\W*$ |
    (?:tags?|filed\ under|topics?|categor(?:y|ies)|posted\ in|étiquettes?|mots[- ]clés|
       schlagw\w+|keywords?|tagged(?:\ with)?)\s*:.{0,300}$ |
    (?:photo|image|picture|crédits?(?:\ photo)?|foto|bild|credit|photograph|getty\ images|
       source\ image)s?\s*(?::|by\b|par\b|©).{0,120}$ |
    ©.{0,120}$ | (?:image|photo|picture)\ (?:credits?|\d+\ of\ \d+)\b.{0,100}$ | (?:caption|
       close|loading)\W*$ |
    (?:(?:last\ |zuletzt\ )?(?:published|updated|modified|posted|aktualisiert|veröffentlicht|
       publié|mis\ à\ jour|actualizado|publicado|uppdaterad|publicerad|aggiornato|stand)
       (?:\ (?:on|at|le|am|um|el|il))?\b)[^.!?]{0,20}\d[^!?]{0,60}$ |
    (?:\w{2,10}\.?,?\ )?\d{1,2}[./\s]\s?\d{1,2}[./\s]\s?(?:\d{4}|\d\d)\b[^a-z]{0,30}$ |
    weitere\ (?:informationen|beiträge|artikel|themen|infos|nachrichten)\b.{0,60}$ |
       ende\ der\ weiteren\ informationen\W*$ | mehr\ (?:themen|artikel)\b.{0,60}$ |
       (?:noticias?|artículos?)\ relacionad[ao]s?\W*$ | à\ découvrir\W*$ |
    (?:table\ of\ )?contents(?:\ (?:hide|show))?\W*$ | sommaire\W*$ |
       (?:inhaltsverzeichnis|inhalt)\W*$ | (?:anzeige|publicité|advertisement)\ ?[-–:].{0,80}$ |
    quelle\s*:.{0,60}$ | (?:alle\ )?angaben\ ohne\ gewähr\W*$ |
    zapraszamy\ (?:(?:też|także|również)\ )?do\ (?:subskrypcji|prenumeraty)\b.{0,140}$ |
    already\ (?:have\ an\ account|a\ (?:subscriber|member))\b.{0,60}$ |
       this\ (?:article|story|content)\ is\ (?:exclusive\ to|for|only\ for|
       reserved\ for)\b.{0,80}$ |
       (?:cet\ article\ est\ réservé|dieser\ artikel\ ist\ nur)\b.{0,80}$ |
    (?:follow|contact|reach|e-?mail)\ \w+\ (?:\w+\ )?(?:on|at|via)\b.{0,120}$ |
        \d+\s*(?:min(?:ute)?s?|
       mn)\.?\s*(?:read|de\ lecture)\W*$ | (?:all\ rights\ reserved|
       tous\ droits\ réservés)\b.{0,100}$
    )""",
    re.VERBOSE,
)
# What may stand before it makes a line dear to look at.
_BEST_PRICE = re.compile(r"^\W*.{1,80}\bau meilleur prix\b.{0,80}$")
# One of these stands in every line that asks to follow or subscribe, and in few others.
_FOLLOWING = ("suivez", "follow", "rejoignez", "folgen sie", "síguenos", "seguici", "siga",
              "abonnez", "inscrivez", "subscribe", "sign up", "download",
              "téléchargez")  # fmt: skip
_FOLLOW = re.compile(
    r"\b(?:suivez|follow|rejoignez|folgen\ sie|síguenos|seguici|siga|abonnez|inscrivez|subscribe|"
    r"sign\ up|download|téléchargez)\b[^.!?,]{0,120}\b(?:facebook|twitter|whatsapp|telegram|"
    r"instagram|google\ (?:news|actualités|discover|play)|newsletter|flipboard|youtube|linkedin|"
    r"channel|app)\b"
)
# An agency and its editor, who sign the story below it.
_SIGN_OFF = re.compile(
    r"\W*(?:\w{1,4}\ ?/\ ?(?:afp|ansa|apa|dpa|efe|epd|kna|pap|sid)"
    r"|(?:afp|ansa|apa|dpa|efe|epd|kna|pap|sid)\ ?/\ ?\w{1,4})\W*"
)
_MAX_SIGN_OFF = 16
# A line that asks to follow or subscribe is short; an article on WhatsApp says more around it.
_MAX_FOLLOW_LINE = 300


# No furniture line is longer; what is, is spared the long list of them.
_MAX_LINE = 500


@lru_cache(maxsize=4_096)
def is_furniture_line(text: str) -> bool:
    """Whether a block's whole text is furniture: "Read also …", "Advertisement", "Share", …"""
    if len(text) > _MAX_LINE:
        return False
    line = text.lower()  # folding case is dear in a pattern of so many words
    if "\u00a0" in line:
        line = line.replace("\u00a0", " ")
    if len(line) <= _MAX_SIGN_OFF and "/" in line and _SIGN_OFF.fullmatch(line):
        return True
    if is_furniture_worded(line):
        return True
    if _LINE.match(line) or ("au meilleur prix" in line and _BEST_PRICE.match(line)):
        return True
    return len(line) <= _MAX_FOLLOW_LINE and _asks_to_follow(line)


def _asks_to_follow(line: str) -> bool:
    for word in _FOLLOWING:  # a plain loop: most lines pass it, and a generator costs double
        if word in line:
            return _FOLLOW.search(line) is not None
    return False
