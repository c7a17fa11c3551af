"""The words that no text of a language does without: articles, prepositions, "and", "is", "not".

Ours to write down: the eight of Gopher (Rae et al. 2021, appendix A.1.1) for English, and as many
of the same kind for the languages that are detected. Folded as `pipelines.minhash.tokens` folds; of
scripts without spaces, characters.
"""

from __future__ import annotations

from typing import Final

_WORDS = {
    "af": "die en van in is het nie dat",
    "ar": "في من على إلى أن هذا التي عن",
    "bg": "на и в да се за не от",
    "bn": "এই ও না করে থেকে এবং তার জন্য",
    "ca": "de la i el que a en no",
    "cs": "a v se na je že to s",
    "cy": "y yn a i o ar mae yr",
    "da": "og i at det er en til af",
    "de": "der die und in den das ist nicht",
    "el": "και το να του η της για με",
    "en": "the be to of and that have with",
    "es": "de la que el en y a los",
    "et": "ja on ei et ka oli see kui",
    "fa": "و در به از که این را با",
    "fi": "ja on ei että se oli hän mutta",
    "fr": "de la le et les des en que",
    "gu": "છે અને આ માટે પર એક ન તે",
    "he": "של את על לא הוא עם כי זה",
    "hi": "के में की है और से का को",
    "hr": "i u je se na da za od",
    "hu": "a az és hogy nem is egy van",
    "id": "yang dan di untuk dari ini dengan itu",
    "it": "di e la che il in per un",
    "ja": "の は に を が と で た",
    "kn": "ಮತ್ತು ಈ ಒಂದು ಆ ಎಂದು ಅವರು ಇದು ನಿಂದ",
    "ko": "이 그 수 것 등 및 있다 있는",
    "lt": "ir į kad su iš yra tai kaip",
    "lv": "un ir ar no par ka to uz",
    "mk": "на и во да се за од не",
    "ml": "ഒരു ഈ എന്ന ആ എന്നാൽ നിന്ന് കൂടി അത്",
    "mr": "आणि या आहे हे ते व की तर",
    "ne": "र को छ मा पनि यो भने गर्न",
    "nl": "de van het een en in is dat",
    "no": "og i det er på som en til",
    "pa": "ਦੇ ਦੀ ਹੈ ਨੂੰ ਵਿੱਚ ਦਾ ਤੇ ਨੇ",
    "pl": "i w na z się nie że do",
    "pt": "de a que o e do da em",
    "ro": "de și în a la cu nu pe",
    "ru": "и в не на что с по как",
    "sk": "a v sa na je že to s",
    "sl": "in je v na se da za ki",
    "so": "ka oo iyo ku ee waa in ay",
    "sq": "të e në dhe i për me që",
    "sv": "och i att det som en på är",
    "sw": "ya na wa kwa ni katika la za",
    "ta": "ஒரு இந்த என்று அந்த மற்றும் என அது இது",
    "te": "ఈ ఒక ఆ మరియు అని నుంచి కూడా తన",
    "th": "ท น ร า เ ก อ ม",
    "tl": "ang sa ng na mga ay at ni",
    "tr": "ve bir bu için da de ile çok",
    "uk": "і в не на що з та до",
    "ur": "کے کی میں ہے اور سے کا کو",
    "vi": "là của và có trong được không cho",
    "zh": "的 是 在 不 了 有 和 一",
}

STOP_WORDS: Final = {
    language: frozenset(words.casefold().split()) for language, words in _WORDS.items()
}
