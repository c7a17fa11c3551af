from __future__ import annotations

import pytest

from crawler.extract.boilerplate import is_furniture_line
from crawler.extract.furniture_words import is_furniture_worded


@pytest.mark.parametrize(
    "line",
    [
        "▶ baca juga: jembatan dibuka lagi",
        "【関連記事】木の橋が再開",
        "читайте также",
        "İlginizi çekebilir: köprü".lower(),
        "ये भी पढ़ें: पुल फिर खुला",
        "ये भी प\u095dें: पुल फिर खुला",
        "广告",
        "- advertisement - scroll to continue -",
        "تبلیغات",
        "（原题为《木桥重开》）",
        "标签 木桥 渡口",
        "关键词 >> 木桥",
        "为你推荐",
        "作者最近文章",
        "评论(15)",
        "コメント（3）",
        "责编：李桥",
        "编辑 李桥 校对 王渡",
        "山谷报记者 李桥",
        "山谷报记者 李桥 王渡",
        "홍다리 기자 bridge@gazette.example",
        "来源：山谷报",
        "特别声明：以上内容为用户上传并发布。",
        "扫一扫 关注我们",
        "weitere videos",
        "sign in or create an account",
        "$$articlead$$",
    ],
)
def test_a_line_that_points_elsewhere_is_furniture_in_many_languages(line: str) -> None:
    assert is_furniture_worded(line)


@pytest.mark.parametrize(
    "line",
    [
        "реклама моста обошлась городу в три рубля, и её никто не видел.",
        "広告のない橋が再開した。",
        "扫码过桥已经三年，驴子至今不会。",
        "声明：驴子没有过桥，镇长说。",
        "编辑 部的驴子走过了木桥，记者跟在后面。",
        "评论家喜欢木桥",
        "来源：镇长说，桥是驴子修的。",
        "baca juga: " + "jembatan kayu dibuka lagi, " * 12,
        "",
        "…",
    ],
)
def test_a_sentence_or_a_paragraph_is_none_for_its_first_word(line: str) -> None:
    assert not is_furniture_worded(line)


@pytest.mark.parametrize(
    "line",
    [
        "Enter your email to get the ferry times every morning.",
        "¿Te ha gustado este artículo?",
        "Téléchargez l’application de la Gazette",
        "Um mit Inhalten aus sozialen Netzwerken zu interagieren, brauchen wir Ihre Zustimmung.",
        "Iscriviti alla newsletter della Gazzetta",
        "Dalsza część artykułu pod materiałem wideo",
        "Bültenimize abone olun",
        "اشترك في نشرتنا البريدية",
        "メールマガジンに登録する",
        "Editors’ picks",
        "Самое читаемое:",
    ],
)
def test_what_a_site_asks_of_its_readers_is_furniture_in_many_languages(line: str) -> None:
    assert is_furniture_worded(line.lower())


@pytest.mark.parametrize(
    "line",
    [
        "Tell me what you think of the bridge.",
        "Most read the sign and turned back.",
        "The latest news from the ferry reached us by donkey.",
        "Featured in the new bridge are planks of larch.",
    ],
)
def test_an_author_s_own_words_to_the_readers_are_the_story_s(line: str) -> None:
    assert not is_furniture_worded(line.lower())


@pytest.mark.parametrize(
    "line", ["3 of 12", "3 von 12", "4.5 ★★★★☆ (1,204 reviews)", "Vidéo : le bac à l’aube"]
)
def test_what_a_gallery_a_rating_or_a_player_shows_is_furniture(line: str) -> None:
    assert is_furniture_line(line)


@pytest.mark.parametrize("line", ["3 of 12 donkeys crossed", "4.5", "12/14", "de 12 ânes"])
def test_a_number_in_a_line_does_not_make_it_furniture(line: str) -> None:
    assert not is_furniture_line(line)
