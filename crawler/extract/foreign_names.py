"""What sites call the parts of their pages in other languages than English.

`boilerplate` has patterns for English names and those of the big publishing systems; these are
single words, so that a language more costs nothing.
"""

from __future__ import annotations

# What means nothing else on any site: other stories, comments, ways to share.
CERTAIN_NAMES = frozenset({
    # other stories
    "relatedlinks", "relatednews", "relatedposts", "relatedarticles", "relatedcontent",
    "relatedstories", "relateditems", "relatedtopics", "relatedvideos", "relatedarticle",
    "relacionada", "relacionadas", "relacionado", "relacionados", "correlati", "correlate",
    "correlato", "relateret", "relaterede", "relaterte", "relaterat", "relaterade",
    "gerelateerd", "gerelateerde", "powiazane", "souvisejici", "suvisiace", "kapcsolodo",
    "meistgelesen", "meistgelesene", "leestip", "leestips", "leesook",
    # comments
    "comentario", "comentarios", "comentarii", "commento", "commenti", "commentaire",
    "commentaires", "komentar", "komentare", "komentarz", "komentarze", "kommentarer",
    "kommentit", "reacties", "hozzaszolas", "hozzaszolasok", "yorumlar",
    # share
    "compartir", "comparte", "compartilhar", "compartilhe", "condividi", "condivisione", "partager",
    "partage", "teilen", "delen", "udostepnij", "sdilet", "sdileni", "megosztas", "paylas",
})  # fmt: skip
# What is a theme's odd word for its content now and then.
FURNITURE_NAMES = CERTAIN_NAMES | frozenset({
    # advertisement
    "publicidad", "publicidade", "pubblicita", "reklama", "reklam", "reklame", "reclame",
    "advertentie", "advertenties", "annons", "annonser", "inzerce", "hirdetes", "iklan", "oglas",
    "oglasi",
    # subscribe
    "assinatura", "assine", "assinantes", "suscripcion", "suscribete", "suscriptores",
    "suscripciones", "abbonati", "abbonamento", "abbonamenti", "iscriviti", "prenumerata",
    "predplatne", "elofizetes", "prenumerera", "abonnieren",
    # author, tags, where one is
    "autore", "autora", "autorin", "forfatter", "skribent", "etiqueta", "etiquetas",
    "schlagworte", "schlagwoerter", "stichworte", "stitky", "cimkek", "migas", "okruszki",
    "brotkrumen", "brotkruemel", "kruimelpad", "navegacion", "navigazione",
    # boxes beside the story
    "flyout", "infokasten", "faktaruta", "faktaboks", "destacados", "destaques",
})  # fmt: skip
