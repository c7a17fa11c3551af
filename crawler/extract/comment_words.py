"""Words around comments in the languages of the large news markets: headings, buttons, notices."""

from __future__ import annotations

import re

# A line that gives a name and a date is shorter.
MAX_LINE = 140
_FIRST_EMOJI = "\U0001f000"
# A heading over the form says no more.
_MAX_FORM_HEADING = 7


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMENTS = _words(
    """
    comment comments commentaire commentaires kommentar kommentare kommentarer comentario
    comentarios comentário comentários commento commenti reactie reacties komentarz
    komentarze komentarzy kommentit kommentti yorum yorumlar комментарии комментарий
    комментариев коментарі コメント 评论 評論 留言 댓글 تعليقات التعليقات σχόλια komentáře komentář
    hozzászólások comentarii bình_luận ความคิดเห็น leserkommentare responses réactions
    reaktionen reacciones opiniones discussion diskussion discusión discussione thoughts
    réponses antworten reageren conversation respuestas risposte respostas odpowiedzi svar replies
    diskuse diskusjon diskussioner debat keskustelu коментари vélemények hozzászólás opinie postings
    diskussionen
    """
)
# In Germanic languages the readers stand before them in one word: "Leser*innenkommentare".
_COMPOUNDS = ("kommentare", "kommentarer", "reaktionen")
# What may stand beside the word in a heading: "3 Comments on …" is cut at the colon or the dash.
_BESIDE = _words(
    """
    reader readers user all your the our latest zum artikel diesem beitrag thema vos les de leser
    des tous article lecteurs internautes to on this post story der leser dei lettori los
    dos para in alle zu und and et y e responses réactions reactions lezers about thoughts
    über articolo artículo artigo noticia notícia
    """
)
_COMMENTS_AND_BESIDE = _COMMENTS | _BESIDE
# What follows in a heading is the story's title: "3 comments on: …".
_ASIDE = re.compile(r"[:–—„«“\"]")
_BUTTONS = _words(
    """
    reply replies répondre antworten antwort responder rispondi reageer beantwoorden
    odpowiedz svara svar svare vastaa ответить 返信 回复 回覆 답글 yanıtla cevapla report melden
    signaler denunciar segnala zgłoś quote zitieren citer citar cita cite share teilen
    partager compartir condividi like likes gefällt aime gusta piace permalink link edit
    delete löschen bearbeiten supprimer modifier loading more less mehr weniger login
    einloggen connectez-vous vote votes upvote downvote recommend recommended flag
    missbrauch alerter hide collapse expand gostei curtir accedi direktlink copy anmäl nahlásit
    odpovědět besvar weiterlesen reportar пожаловаться
    """
)
# What stands under comments, and under nothing else that readers read.
_REPLY = frozenset({
    "reply", "reply to this", "reply to comment", "répondre", "répondre à ce message", "antworten",
    "antwort", "antwort schreiben", "responder", "rispondi", "beantwoorden", "reageer", "reageren",
    "antwoord", "odpowiedz", "svara", "svar", "svare", "besvar", "vastaa", "ответить", "відповісти",
    "odpovědět", "odpovedať", "válasz", "răspunde", "răspundeți", "yanıtla", "cevapla", "απάντηση",
    "отговор", "odgovori", "atbildēt", "vasta", "返信", "返信する", "回复", "回覆", "답글", "رد",
    "respon", "erantzun", "jawab", "balas", "trả lời",
    "report", "report abuse", "report comment", "melden", "beitrag melden", "signaler",
    "signaler un abus", "signaler le commentaire", "denunciar", "reportar", "segnala", "zgłoś",
    "zgłoś nadużycie", "anmäl", "rapporter", "meld", "nahlásit", "пожаловаться", "şikayet et",
})  # fmt: skip
_BESIDE_BUTTONS = _words(
    """
    j’aime j'aime me mi mir das log in to up down abuse abus diesen auf kommentar this
    comment ce commentaire au message à un responses answer show view inappropriate per pour
    zum follow your a as it full add un le child children permalien odkaz to offensive spam
    """
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NOTICE = re.compile(
    r"^\W*(?:(?:your|this) comment (?:is|was|has been|will be)|(?:dein|ihr|der|dieser) kommentar "
    r"(?:wartet|wird|wurde)|(?:votre|ce) commentaire (?:est|a été|sera)|(?:tu|su|este) comentario "
    r"(?:está|ha sido|será)|il tuo commento|(?:o )?seu comentário|je reactie (?:wacht|"
    r"is))\b.{0,120}$",
    re.IGNORECASE,
)


def is_comments_heading(text: str) -> bool:
    """Whether a short text says that comments follow: "3 Kommentare", "Vos réactions (5)"."""
    if len(text) > MAX_LINE:
        return False
    first = WORD.search(text.casefold())
    if first is None or not (
        first[0] in _COMMENTS_AND_BESIDE or first[0].endswith(_COMPOUNDS)
    ):  # most lines of a page are told by their first word
        return False
    words = WORD.findall(_ASIDE.split(text, maxsplit=1)[0].casefold())
    words = ["kommentare" if word.endswith(_COMPOUNDS) else word for word in words]
    if _COMMENTS.isdisjoint(words):
        return False
    named = sum(word in _COMMENTS for word in words)
    return len(words) <= named + 6 and _COMMENTS_AND_BESIDE.issuperset(words[:4])


def names_comments(text: str) -> bool:
    """Whether a few words have one for comments among them: "Laisser un commentaire"."""
    words = WORD.findall(text.casefold())
    return len(words) <= _MAX_FORM_HEADING and not _COMMENTS.isdisjoint(words)


def is_reply_button(text: str) -> bool:
    """Whether a short text is the button under a comment that answers or reports it."""
    return text.strip(" \u00a0\n\t\r↩↪()[]»›:!.").casefold() in _REPLY


def is_button_line(text: str) -> bool:
    """Whether a line is "Reply", "Signaler un abus · 3" or a notice about moderation."""
    words = WORD.findall(text)
    if len(words) > 8:
        return bool(_NOTICE.match(text)) if len(text) <= MAX_LINE else False
    folded = {word.casefold() for word in words}
    if not words and text[:1] > _FIRST_EMOJI:
        return False  # a reader's whole answer, at times
    if folded <= _BUTTONS | _BESIDE_BUTTONS and (folded & _BUTTONS or not folded):
        return True
    return bool(_NOTICE.match(text))
