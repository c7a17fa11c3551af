from __future__ import annotations

import re

import pytest

from tests.extract.pages import ASIDE, PROSE, TEXTS, body_of, json_ld, page, story


@pytest.mark.parametrize(
    "wrapped",
    [
        PROSE,
        f'<div class="entry-content">{PROSE}</div>',
        f'<div class="x1"><div class="x2">{PROSE}</div></div>',
        f'<div itemprop="articleBody">{PROSE}</div>',
        f'<section class="elementor-widget-container">{PROSE}</section>',
        f'<div class="layout-with-sidebar">{PROSE}</div>',
        f"<div>{PROSE.replace('<p>', '').replace('</p>', '<br><br>')}</div>",
        "".join(f'<div class="text-widget">{p}</p></div>' for p in PROSE.split("</p>") if p),
        "".join(f'<p class="paywall">{text}</p>' for text in TEXTS),
    ],
)
def test_the_story_is_found_in_whatever_wraps_it(wrapped: str) -> None:
    assert body_of(story(wrapped)) == TEXTS


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>À lire aussi : Le gué rouvre vendredi</p>",
        '<p><a href="/gue">Le gué rouvre vendredi</a></p>',
        "<p>Publicité</p>",
        "<p>Suivez-nous sur Google Actualités et WhatsApp.</p>",
        "<p>Montre X au meilleur prix Prix de base : 99 €</p>",
        f'<div class="share-bar">{ASIDE}</div>',
        f'<aside class="newsletter">{ASIDE}</aside>',
        f'<div class="related">{ASIDE}</div>',
        f'<div class="breaking-news">{ASIDE}</div>',
        f'<div class="noticias-relacionadas">{ASIDE}</div>',
        f'<div class="chamada-assinatura">{ASIDE}</div>',
        f'<section class="relatedlinks block">{ASIDE}</section>',
        f'<div class="flyout__content">{ASIDE}</div>',
        "<p>Get the latest of the valley straight to your phone with the Gazette’s app.</p>",
        '<div class="legend">L’âne du facteur devant le pont, ce matin.</div>',
        f"<div data-nosnippet>{ASIDE}</div>",
        f'<div class="x1" data-component="related-stories">{ASIDE}</div>',
        f'<div class="x1" data-testid="author-bio">{ASIDE}</div>',
        f"<related-stories>{ASIDE}</related-stories>",
        f'<section aria-label="Newsletter">{ASIDE}</section>',
        f'<div itemscope itemtype="https://schema.org/Person">{ASIDE}</div>',
        f'<blockquote class="twitter-tweet">{ASIDE}</blockquote>',
        f'<blockquote class="PullQuote PullQuote--right">{ASIDE}</blockquote>',
        f'<figure class="wp-block-pullquote"><blockquote>{ASIDE}</blockquote></figure>',
        "<h2>Commentaires</h2>",
        "<h3>Écrire un commentaire</h3>",
        "<h3>Laissez un commentaire</h3>",
        "<h3>Kommentar verfassen</h3>",
        "<h3>No comments yet</h3>",
        "<h3>Deja un comentario</h3>",
        "<p>Читайте также: Брод снова открыт</p>",
        "<p>Реклама</p>",
        "<p>اقرأ أيضًا: إعادة فتح المعبر</p>",
        "<p>यह भी पढ़ें: पुल फिर खुला</p>",
        "<p>Baca juga: Jembatan kayu dibuka lagi</p>",
        "<p>【関連記事】木の橋が再開</p>",
        "<p>延伸閱讀：木橋重新開放</p>",
        "<p>[관련기사] 나무다리 다시 열려</p>",
        "<p>İlginizi çekebilir: Geçit yeniden açıldı</p>",
        "<p>Le puede interesar: El vado reabre el viernes</p>",
        "<p>Čtěte také: Brod se otevře v pátek</p>",
        "<p>Διαβάστε επίσης: Η γέφυρα άνοιξε ξανά</p>",
        "<p>\u200b</p>",
        "<p>\u200d \ufeff</p>",
        "<p>L’âne du facteur, ce matin | Photo by Maëlle Kervadec</p>",
        "<p>Click\u00a0here\u00a0to read the warrant of the mayor</p>",
        "<p>Questo articolo è riservato agli abbonati della Gazzetta.</p>",
        "<p>Möchten Sie den Artikel teilen?</p>",
        "<p>Veröffentlicht am</p>",
        "<p>Lesezeit: 3 Min.</p>",
        "<p>Skip past the newsletter promotion</p>",
        "<p>You may also be interested in the following stories:</p>",
        "<p>Follow the Gazette on WhatsApp</p>",
        "<p>Rédigé par la chouette du clocher</p>",
        '<p>{{ads-eng="/banners/pont"}}</p>',
        "<p>mk/PAP</p>",
        "<p>dpa/lek</p>",
        "<p>Quelle: Gemeinderat</p>",
        "<p>(Alle Angaben ohne Gewähr)</p>",
        "<p>Zapraszamy też do prenumeraty tygodnika, także w sieci</p>",
        "<p>Publié le 3 juin 2025 à 8 h 05</p>",
        '<p>Voir <a href="/gue">Le gué rouvre vendredi, annonce la mairie</a></p>',
        "<p>Cet article contient des liens d’affiliation, dont nous vivons.</p>",
        f'<div class="infobox">{ASIDE}</div>',
        f'<section class="author-section">{ASIDE}</section>',
        '<div><img src="/pont.jpg"><br>Le pont, vu du gué</div>',
        "<p>图片来源：山谷报</p>",
        "<p>今天早上的木桥。山谷报记者 李桥 摄</p>",
        "<p>나무다리가 다시 열렸다. (사진=계곡일보)</p>",
        "<p>Tags : pont, bois, crue</p>",
        '<p>ข่าวที่เกี่ยวข้อง<br><a href="/gue">ด่านข้ามแม่น้ำเปิดแล้ว</a><br>'
        '<a href="/bac">เรือข้ามฟากหยุดวันจันทร์</a></p>',
        "<p>责任编辑：李桥</p>",
        "<p>Все права защищены. При перепечатке ссылка на «Вестник брода» обязательна</p>",
        "<ul><li>Nos éditions :</li>"
        + "".join(f'<li><a href="/{town}">{town}</a></li>' for town in ("Gué", "Bac", "Amont"))
        + "</ul>",
        f'<div style="display: none">{ASIDE}</div>',
    ],
)
def test_furniture_between_and_below_the_paragraphs_is_left_out(furniture: str) -> None:
    first, rest = PROSE.split("</p>", 1)
    assert body_of(story(f"{first}</p>{furniture}{rest}")) == TEXTS
    assert body_of(story(PROSE + furniture)) == TEXTS


def test_the_headline_and_the_byline_are_not_repeated() -> None:
    html = story(
        "<h2>Le pont de bois rouvre après dix ans</h2><p>Par Maëlle Kervadec</p>" + PROSE,
        '<meta name="author" content="Maëlle Kervadec">',
    )
    assert body_of(html) == TEXTS


def test_headings_lists_and_quotes_of_the_story_stay() -> None:
    inner = (
        "<h2>Et après ?</h2><ul><li>le gué</li><li>le bac</li></ul><blockquote>Enfin !</blockquote>"
    )
    found = body_of(story(PROSE + inner + "<p>On verra bien, dit le garde champêtre.</p>"))
    assert found[3:] == [
        "Et après ?", "le gué", "le bac", "Enfin !", "On verra bien, dit le garde champêtre.",
    ]  # fmt: skip


@pytest.mark.parametrize("link", ["", ' (<a href="/carnet">carnet</a>)'])
def test_a_short_quotation_late_in_a_long_story_stays(link: str) -> None:
    said = f"Venez le voir passer : je le dis à qui veut l’entendre{link}, et personne ne vient."
    longer = "".join(
        f"<p>{text} On en parlait encore {when}, au café comme à l’église.</p>"
        for when in ("en mai", "en juin", "à la foire", "à la rentrée", "aux vendanges")
        for text in TEXTS
    )
    html = story(f"{longer}<blockquote><p>{said}</p></blockquote><p>Le pont est ouvert à tous.</p>")
    assert re.sub("<.*?>", "", said) in body_of(html)


def test_a_list_of_links_that_the_text_announces_stays() -> None:
    first, rest = PROSE.split("</p>", 1)
    items = "".join(f"<li><a href=/{name}>le {name}</a></li>" for name in ("gué", "bac"))
    listed = f"<p>On passe par :</p><ul>{items}</ul>"
    assert body_of(story(f"{first}</p>{listed}{rest}"))[1:4] == [
        "On passe par :", "le gué", "le bac",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["product-link", "recommended-link"])
def test_words_of_a_sentence_are_kept_whatever_their_class(name: str) -> None:
    html = PROSE.replace("un facteur", f'<a class="{name}" href="/f">un <b>facteur</b></a>')
    html = html.replace("trois tonnes", '<span class="price">trois tonnes</span>')
    assert body_of(story(html)) == TEXTS


@pytest.mark.parametrize(
    "sentence",
    [
        "Read on to see why the donkey of the post was the first to cross it this morning.",
        "Like the other donkeys of the valley, it waited for its hay in the shade of the new pier.",
        "More on that in the next report of the mayor, who counts the donkeys every other evening.",
        "The ford is easy to follow. Who lost the way may ask the ferryman, or look into his app.",
    ],
)
def test_a_sentence_that_begins_like_a_pointer_stays(sentence: str) -> None:
    first, rest = PROSE.split("</p>", 1)
    assert sentence in body_of(story(f"{first}</p><p>{sentence}</p>{rest}"))


def test_a_linked_heading_that_counts_stays_in_the_list_it_counts() -> None:
    ways = [
        f'<section><h2><a href="/{n}">{n}. Le {name}</a></h2><p>{text}</p></section>'
        for n, (name, text) in enumerate(zip(("pont", "gué", "bac"), TEXTS, strict=True), 1)
    ]
    assert "2. Le gué" in body_of(story("".join(ways)))


def test_a_person_named_in_a_sentence_does_not_cut_it() -> None:
    sentence = "Seul le garde {} a compté les ânes, qui étaient douze en comptant le sien."
    marked = '<span itemscope itemtype="https://schema.org/Person">Luc Bonnet</span>'
    told = body_of(story(f"{PROSE}<p>{sentence.format(marked)}</p>"))
    assert told == [*TEXTS, sentence.format("Luc Bonnet")]


def test_a_carousel_or_a_card_by_name_may_hold_the_story() -> None:
    assert body_of(story(f'<div data-testid="story-cards">{PROSE}</div>')) == TEXTS


def test_what_is_told_of_the_author_below_the_story_is_left_out() -> None:
    author = json_ld('{"@type": "NewsArticle", "author": {"name": "Jeanne Martin"}}')
    profile = (
        "<p>Jeanne Martin est correspondante dans les vallées depuis 2009 et vient elle-même "
        "d’une famille de passeurs. Elle élève deux ânes.</p>"
    )
    told = body_of(story(PROSE + profile, author))
    assert told == TEXTS
    quoted = "<p>« Douze ânes », a compté Jeanne Martin, et le treizième est passé la nuit.</p>"
    assert len(body_of(story(PROSE + quoted, author))) == len(TEXTS) + 1


def test_a_heading_is_no_furniture_for_the_words_of_its_anchor() -> None:
    heading = '<h2 id="related-products-and-prices">Ce que coûte un pont</h2>'
    assert body_of(story(f"{PROSE}{heading}{ASIDE}"))[3] == "Ce que coûte un pont"


def test_a_card_is_furniture_unless_it_holds_the_recipe() -> None:
    steps = "<h3>Ingredients</h3><ul><li>2 ripe pears</li><li>1 jar of honey</li></ul>"
    assert body_of(story(f'{PROSE}<div class="teaser-card">{steps}</div>')) == TEXTS
    assert body_of(story(f'{PROSE}<div class="my-card recipe-card">{steps}</div>'))[3:] == [
        "Ingredients", "2 ripe pears", "1 jar of honey",
    ]  # fmt: skip


def test_a_question_over_the_page_does_not_make_its_story_furniture() -> None:
    asked = f"<div role=dialog>{ASIDE * 3}</div>"
    assert (
        body_of(page(f"{asked}<h1>Le pont</h1><div class=sharing-container>{PROSE}</div>")) == TEXTS
    )


def test_a_heading_in_a_header_of_its_own_section_stays() -> None:
    section = f"<section><header><h2>Et après ?</h2></header>{ASIDE}</section>"
    assert body_of(story(PROSE + section))[3] == "Et après ?"


def test_text_cut_into_containers_of_one_class_is_joined() -> None:
    parts = "".join(f'<div class="wysiwyg">{p}</p></div><hr>' for p in PROSE.split("</p>") if p)
    assert body_of(page(f"<h1>Le pont de bois rouvre</h1><div>{parts}</div>")) == TEXTS


def test_the_text_is_the_inner_of_two_containers_named_so() -> None:
    others = "".join(f"<div><h3><a href=/{n}>Titre {n}</a></h3>{ASIDE}</div>" for n in range(3))
    html = page(
        f'<h1>Le pont</h1><div class="post__content"><div class="entry-content">{PROSE}</div>'
        f"{others}</div>"
    )
    assert body_of(html) == TEXTS


def test_a_hidden_copy_for_machines_does_not_stand_for_what_is_shown() -> None:
    steps = [f"{number}. {text}" for number in "123" for text in TEXTS]
    shown = f"{PROSE}<ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>"
    told = f'<div itemprop="articleBody">{" ".join([*TEXTS, *steps])}</div>'
    hidden = f'<div style="display:none" itemscope>{told}</div>'
    assert body_of(story(f"<div>{shown}</div>{hidden * 2}")) == [*TEXTS, *steps]


def test_of_several_stories_that_scroll_on_the_first_is_told() -> None:
    longer = "<p>Un autre récit, bien plus long, parle du bac et de ceux qui l’attendent.</p>" * 2
    html = page(
        f"<h1>Le pont de bois rouvre après dix ans</h1>"
        f'<article><div class="entry-text">{PROSE}</div></article>'
        f'<article><div class="entry-text">{longer}{ASIDE * 9}</div></article>'
    )
    assert body_of(html) == TEXTS


def test_the_json_ld_body_decides_between_two_stories_on_one_page() -> None:
    other = "".join(
        f"<p>Un autre récit, bien plus long que le premier, parle du bac numéro {n} et des "
        f"voyageurs qui l’attendent depuis l’aube sur la rive, sans jamais se plaindre.</p>"
        for n in range(9)
    )
    stated = json_ld('{"@type":"NewsArticle","articleBody":"' + " ".join(TEXTS) + '"}')
    html = page(
        f"<h1>Le pont de bois rouvre après dix ans</h1><div>{PROSE}</div><div>{other}</div>", stated
    )
    assert body_of(html) == TEXTS


@pytest.mark.parametrize("end", ["</p>", "<br><br>"])
def test_a_long_story_without_a_heading_is_told_to_its_end(end: str) -> None:
    told = [
        f"« Comptez le numéro {n} », dit le garde champêtre."
        if n % 9 == 4
        else f"Le passage numéro {n} fut celui d’un meunier que le pont avait fait attendre, avec "
        f"{n} sacs de farine sur le dos, et qui jura de ne plus jamais prendre le gué."
        for n in range(160)
    ]
    start = "<p>" if end == "</p>" else ""
    assert body_of(story("<div>" + "".join(start + text + end for text in told) + "</div>")) == told
