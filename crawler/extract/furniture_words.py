"""What news sites of the world write between and below paragraphs: read also, follow us, advert.

`boilerplate` has patterns for the big European languages; these are plain words, looked up by their
first two letters, so that a language more costs a line that is no furniture nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from crawler.extract.call_words import CALL_LABELS, CALLS

# A line that sends the reader elsewhere is little longer than the headline it names.
MAX_POINTER = 200
# A name, with a role and a place.
MAX_SIGNATURE = 80
# What a page calls its parts by is a word or three.
MAX_LABEL = 40
_EDGES = (
    " ¿¡\t\n\u00a0\u200b\u200e\u200f.:：,;!?…|·•●■◆▶►▷➡→»›>«‹<*#-–—_=~+&"
    "()[]{}【】「」『』〈〉《》（）［］＞\"'“”"
)

# Begins a line that points to another page, or asks the reader to follow.
_POINTERS = (
    # aloud, past what is set in; and how long it takes
    "questions? comments?", "skip past ", "skip to content", "skip advertisement",
    "přejít před obsah", "přejít za obsah",
    "následuje obsah vložený", "watch:", "listen:", "reading time:", "read time:", "lesezeit:",
    "lesedauer:", "temps de lecture", "tiempo de lectura:", "tempo di lettura:",
    "tempo de leitura:", "leestijd:", "czas czytania:", "lästid:", "lesetid:", "læsetid:",
    "время чтения:", "час читання:", "okuma süresi:", "waktu baca:", "阅读时间", "閱讀時間",
    # only for those who pay
    "este artículo es exclusivo para", "este contenido es exclusivo para",
    "contenido exclusivo para suscriptores", "este conteúdo é exclusivo para",
    "questo articolo è riservato", "questo contenuto è riservato", "dit artikel is exclusief voor",
    "denna artikel är för prenumeranter", "denne artikkelen er for abonnenter",
    "ten artykuł jest dostępny tylko", "有料会員になると", "この記事は有料会員限定",
    "この記事は会員限定",
    # Slavic and Baltic
    "читайте также", "читайте ещё", "читайте еще", "читайте по теме", "читать также",
    "смотрите также", "смотрите ещё", "подписывайтесь на", "подпишитесь на",
    "следите за нами", "читайте також", "дивіться також", "підписуйтесь на",
    "підписуйтеся на", "чытайце таксама", "прочетете още", "прочетете и", "вижте още",
    "вижте също", "последвайте ни", "прочитајте и", "čtěte také", "čtěte i",
    "přečtěte si také", "přečtěte si více", "sledujte nás", "čítajte aj", "čítajte tiež",
    "prečítajte si aj", "prečítajte si tiež", "pročitajte i", "pročitajte još",
    "čitajte još", "pratite nas na", "preberite tudi", "preberite še", "spremljajte nas",
    "przeczytaj także", "przeczytaj też", "przeczytaj również", "obserwuj nas", "śledź nas",
    "polub nas", "taip pat skaitykite", "skaitykite taip pat", "lasi arī", "lasi vēl",
    "lasiet arī", "seko mums",
    # Romance
    "también te puede interesar", "también le puede interesar", "le puede interesar",
    "le podría interesar", "te podría interesar", "quizás te interese", "lea aquí",
    "lee aquí", "lea además", "você também pode gostar", "pode te interessar", "leia ainda",
    "veja ainda", "confira também", "siga-nos", "potrebbe interessarti",
    "ti potrebbe interessare", "potrebbe anche interessarti", "leggi l'articolo completo",
    "vous aimerez aussi", "ceci pourrait vous intéresser", "llegeix també",
    "et pot interessar", "le tamén", "citește și", "citeşte şi", "citiți și",
    "urmărește-ne", "urmăriți-ne",
    # Germanic
    "lees verder", "bekijk ook", "volg ons", "les også", "læs også", "se også", "se även",
    "følg oss", "følg os", "följ oss", "lesa meira", "lesið einnig", "das könnte dich",
    # other European
    "olvassa el ezt is", "ezt is olvassa", "olvasd el ezt is", "kapcsolódó cikk",
    "kövessen minket", "kövess minket", "διαβάστε επίσης", "διαβάστε ακόμα",
    "διαβάστε περισσότερα", "δείτε επίσης", "ακολουθήστε μας", "ακολουθήστε το", "lue myös",
    "katso myös", "seuraa meitä", "loe ka", "loe lisaks", "irakurri gehiago", "lexoni edhe",
    "lexo edhe", "ayrıca oku", "ayrıca bakınız", "bunu da oku",
    "bunlar da ilginizi çekebilir", "ilginizi çekebilir", "İlginizi çekebilir",
    "bizi takip edin", "həmçinin oxuyun",
    # Middle East
    "اقرأ أيضا", "اقرأ أيضًا", "اقرأ أيضاً", "اقرأ ايضا", "اقرأ ايضاً", "إقرأ أيضا",
    "إقرأ أيضاً", "اقرأوا أيضا", "شاهد أيضا", "شاهد أيضاً", "طالع أيضا", "اقرأ المزيد",
    "تابعونا على", "تابعنا على", "بیشتر بخوانید", "همچنین بخوانید", "بیشتر بدانید",
    "קראו גם", "קראו עוד", "ראו גם", "עקבו אחרינו",
    # South and South-East Asia, Africa
    "यह भी पढ़ें", "ये भी पढ़ें", "इसे भी पढ़ें", "और पढ़ें", "हे ही वाचा", "हेही वाचा",
    "আরও পড়ুন", "আরো পড়ুন", "மேலும் படிக்க", "இதையும் படியுங்கள்", "یہ بھی پڑھیں",
    "مزید پڑھیں", "baca juga", "lihat juga", "simak juga", "baca selengkapnya",
    "ikuti kami", "baca lagi", "xem thêm", "đọc thêm", "theo dõi chúng tôi",
    "อ่านเพิ่มเติม", "อ่านข่าวเพิ่มเติม", "basahin din", "soma pia", "soma zaidi",
    # East Asia
    "あわせて読みたい", "合わせて読みたい", "関連記事", "関連リンク", "続きを読む",
    "この記事を読んだ人は", "相关阅读", "相关新闻", "相关文章", "相关链接", "延伸阅读",
    "推荐阅读",
    "阅读更多", "点击阅读", "扫码关注", "相關新聞", "相關閱讀", "相關報導", "延伸閱讀",
    "推薦閱讀", "更多新聞", "관련기사", "관련 기사",
    "相关报道：", "相關報導：", "此前报道：", "早前报道：", "相关资讯请关注", "更多资讯请",
    "更多内容请", "更多精彩内容", "点击投票", "扫描下方二维码", "扫描上方二维码", "阅读下一篇",
    # what else it is called, and what it is filed under
    "原标题：", "原標題：", "原题：", "原题为", "本文原标题", "原文标题", "关键词：", "关键词 ",
    "关键字：", "文章关键词", "標籤：", "标签：", "标签 ", "關鍵字：", "キーワード：", "태그：",
    # whose it is, who is liable, whom to tell of mistakes
    "责任编辑", "責任編輯", "编辑：", "編輯：", "特别声明：", "特別聲明：",
    "郑重声明：", "免責聲明", "notice: the content above", "本文仅代表作者",
    "本文僅代表作者", "文章仅代表作者", "本文系转载", "本文系作者", "本文来自", "本文来源",
    "图片来自网络",
    "图片均来自网络", "图片来源网络", "圖片來自網路", "版权声明", "版权所有", "版权保护",
    "版權所有",
    "未经授权", "未经许可", "免责声明", "京icp备", "沪icp备", "粤icp备", "京公网安备", "沪公网安备",
    "互联网新闻信息服务许可证", "信息网络传播视听节目许可证", "违法和不良信息举报", "無断転載",
    "저작권자", "무단전재", "무단 전재", "все права защищены", "если вы нашли ошибку",
    "нашли ошибку", "якщо ви знайшли помилку", "знайшли помилку", "усі права захищені",
    "jeśli zauważyłeś błąd", "znalazłeś błąd", "tüm hakları saklıdır", "جميع الحقوق محفوظة",
    "كل الحقوق محفوظة", "الآراء الواردة", "สงวนลิขสิทธิ์", "bản quyền thuộc",
    "hak cipta dilindungi",
)  # fmt: skip
# Is a whole line: an advertisement's mark, a button, the title of a list of other stories.
_LABELS = (
    # advertisement
    "реклама", "рэклама", "oglas", "oglasi", "hirdetés", "publicitate", "διαφήμιση",
    "annonse", "annonce", "mainos", "ilmoitus", "reclame", "advertentie", "advertenties",
    "inzerce", "reklam", "auglýsing", "iklan", "quảng cáo", "โฆษณา", "विज्ञापन", "বিজ্ঞাপন",
    "விளம்பரம்", "إعلان", "اعلان", "اشتہار", "تبلیغات", "פרסומת", "広告",
    "スポンサーリンク", "广告", "廣告", "광고", "advertisement - scroll to continue",
    "article continues below", "story continues below", "el artículo continúa abajo",
    "la nota continúa abajo", "artikel lanjut di bawah",
    # share
    "поделиться", "поділитися", "сподели", "paylaş", "sdílet", "zdieľať", "megosztás",
    "distribuie", "κοινοποίηση", "jaa", "dela", "del artikel", "del artiklen", "deel",
    "delen", "udostępnij", "podijeli", "شارك", "مشاركة", "שתף", "シェア", "シェアする",
    "artikel teilen", "beitrag teilen", "diesen artikel teilen", "diesen beitrag teilen",
    "möchten sie den artikel teilen", "partager cet article", "compartir este artículo",
    "compartilhe este artigo", "condividi questo articolo", "deel dit artikel",
    "分享", "分享到", "공유", "공유하기", "bagikan", "chia sẻ", "แชร์", "शेयर करें",
    # what stands above a story: its date, how long it is, its author
    "posted on", "published on", "updated at", "updated on", "last updated", "reading time",
    "article content", "veröffentlicht am", "aktualisiert am", "lesezeit",
    "lesedauer", "publié le", "mis à jour le", "publicado el",
    "actualizado el", "tiempo de lectura", "pubblicato il", "aggiornato il",
    "tempo di lettura", "publicado em", "atualizado em", "tempo de leitura",
    "gepubliceerd op", "leestijd", "opublikowano", "zaktualizowano",
    "czas czytania", "publicerad", "uppdaterad", "lästid", "publisert", "oppdatert", "lesetid",
    "udgivet", "opdateret", "læsetid", "julkaistu", "päivitetty", "опубликовано", "обновлено",
    "время чтения", "опубліковано", "оновлено", "час читання", "yayınlanma tarihi",
    "güncelleme tarihi", "okuma süresi", "diterbitkan", "waktu baca", "公開日", "更新日",
    "发布时间", "發布時間", "입력", "수정",
    # other stories, the rest of this one
    "похожие статьи", "похожие новости", "материалы по теме", "новости по теме", "по теме",
    "читать далее", "читать полностью", "ещё по теме", "схожі новини", "související články",
    "súvisiace články", "podobne artykuły", "powiązane artykuły", "kapcsolódó cikkek",
    "articole similare", "σχετικά άρθρα", "aiheeseen liittyvää", "relaterade artiklar",
    "relaterte artikler", "relaterede artikler", "gerelateerde artikelen",
    "notas relacionadas", "notícias relacionadas", "matérias relacionadas",
    "articoli correlati", "articles liés", "articles similaires", "ähnliche artikel",
    "verwandte artikel", "ilgili haberler", "devamını oku", "مواضيع ذات صلة",
    "أخبار ذات صلة", "مقالات ذات صلة", "כתבות נוספות", "berita terkait", "artikel terkait",
    "tin liên quan", "bài viết liên quan", "tin cùng chuyên mục", "ข่าวที่เกี่ยวข้อง",
    "เรื่องที่เกี่ยวข้อง", "友情链接", "关于我们", "联系我们", "संबंधित खबरें", "関連ニュース",
    "おすすめ記事", "人気記事", "こちらもおすすめ",
    "阅读全文", "閱讀全文", "猜你喜欢", "更多", "관련 뉴스", "더보기",
    "你可能会喜欢", "您可能感兴趣", "为你推荐", "为您推荐", "為你推薦", "猜你喜歡", "相关推荐",
    "相關推薦", "热门推荐", "熱門推薦", "热门文章", "热门新闻", "熱門新聞", "推荐文章", "推薦文章",
    "最新文章", "最近文章", "作者最近文章", "小编最近文章", "更多精彩", "点击排行",
    "あなたへのおすすめ", "最新記事", "アクセスランキング", "추천 기사", "추천기사", "인기 기사",
    "많이 본 뉴스", "recommandé pour vous", "empfohlen für sie", "recomendado para ti",
    "recomendado para usted", "recomendado para você", "consigliati per te", "polecane dla ciebie",
    "aanbevolen voor jou", "вам может быть интересно", "рекомендуем", "önerilen haberler",
    "rekomendasi untuk anda", "موصى به", "مقالات مقترحة",
    # what readers say to it
    "评论", "网友评论", "我要评论", "我要跟帖", "发表评论", "評論", "發表評論", "コメント", "댓글",
    "комментарии", "коментарі", "yorumlar", "komentar", "التعليقات", "تعليقات", "komentarze",
    "weitere videos", "mehr videos", "more videos", "plus de vidéos", "autres vidéos", "más vídeos",
    "más videos", "altri video", "mais vídeos", "meer video's", "więcej wideo", "fler videor",
    "flere videoer", "ещё видео", "diğer videolar", "更多视频", "更多影片", "動画一覧",
    # who is to sign in
    "sign in or create an account", "create an account or sign in", "log in or create an account",
    "email address", "e-mail-adresse", "adresse e-mail", "adresse email", "correo electrónico",
    "indirizzo email", "indirizzo e-mail", "endereço de e-mail", "e-mailadres", "adres e-mail",
    "e-postadress", "e-postadresse", "электронная почта", "e-posta adresi", "メールアドレス",
    "电子邮箱", "이메일 주소",
    # what it is filed under
    "标签", "標籤",
)  # fmt: skip
# Begins a line that is no longer than a name, and no sentence: who wrote, edited or checked; what
# the reader is to press or to scan.
_SIGNATURES = (
    "written by", "edited by", "reported by", "posted by", "reviewed by", "medically reviewed by",
    "fact checked by", "fact-checked by", "translated by", "écrit par", "rédigé par",
    "publié par", "traduit par", "geschrieben von", "verfasst von", "escrito por",
    "redactado por", "publicado por", "scritto da", "pubblicato da", "a cura di",
    "geschreven door", "skrevet av", "skrevet af", "skriven av",
    "来源：", "來源：", "文章来源：", "信息来源：", "内容来源：", "资料来源：", "資料來源：",
    "作者：",
    "作者/", "文/", "文｜", "采写：", "採訪：", "撰文：", "撰稿：", "校对：", "审核：", "责编：",
    "责编 ", "編輯 ", "编辑 ", "编辑/", "编辑｜", "监制：", "出品：", "记者：", "記者：",
    "信息来源于",
    "取材・文", "文：", "編集：", "点击查看", "点击下载", "点击进入", "點擊查看", "下载客户端",
    "下载app", "扫一扫", "扫码", "扫描二维码", "掃描qr", "关注公众号", "关注微信公众号", "关注我们",
    "追蹤我們", "フォローする", "アプリをダウンロード", "앱 다운로드", "이 기사를 공유",
)  # fmt: skip
# A reporter who signs alone, with the paper's name before the role and no sentence around it.
_REPORTER = re.compile(
    r"\S{0,12}(?:记者|記者|通讯员|通訊員)[\s/／：:]{1,2}\w{2,4}(?:[\s、]\w{2,4}){0,4}|"
    r"\w{2,4}\s(?:선임|수습|인턴)?기자(?:\s*=?\s*\S+@\S+)?"
)
# What a publishing system puts in place of these before a page is shown, and here has not.
_MARK = re.compile(r"([$#@%]{2})[a-z0-9_]{3,}\1")
_PLACEHOLDERS = {"{{": "}}", "{%": "%}", "<%": "%>", "[[": "]]"}

_SENTENCE = frozenset(".!?:;。！？；，")
# How many have commented, after the word for it.
_COUNT = " \u00a00123456789()（）"

# Letters that some type as one character and others as two.
_TYPED = (("\u0922\u093c", "\u095d"), ("\u09a1\u09bc", "\u09dc"))


def _by_start(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in map(str.lower, words):
        for typed in {word, *(word.replace(two, one) for two, one in _TYPED)}:
            found[typed[:2]].append(typed)
    return {start: tuple(words) for start, words in found.items()}


_BY_START = _by_start((*_POINTERS, *CALLS))
_WHOLE = frozenset(map(str.lower, (*_LABELS, *CALL_LABELS)))
_SIGNED_BY_START = _by_start(_SIGNATURES)


def is_furniture_worded(line: str) -> bool:
    """Whether a line, in lower case, points elsewhere by its first words, signs, or is a label."""
    if len(line) > MAX_POINTER:
        return False
    if (end := _PLACEHOLDERS.get(line[:2])) is not None and line.endswith(end):
        return True
    if line[:1] in "$#@%" and _MARK.fullmatch(line) is not None:
        return True
    line = line.replace("’", "'").strip(_EDGES)
    start = line[:2]
    if (words := _BY_START.get(start)) is not None and line.startswith(words):
        return True
    if (words := _SIGNED_BY_START.get(start)) is not None and line.startswith(words):
        return len(line) <= MAX_SIGNATURE and not _SENTENCE.intersection(line.split("：")[-1])
    if len(line) > MAX_LABEL:
        return False
    if line.rstrip(_COUNT) in _WHOLE:
        return True
    return not line.isascii() and _REPORTER.fullmatch(line) is not None
