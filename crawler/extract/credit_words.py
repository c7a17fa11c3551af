"""The words that stand in bylines beside the names, in the languages of the other word lists.

Labels of who did what, and what is nobody: buttons, counters, what stands for an unknown author.
Single words looked up as a whole, so that a language more costs nothing.
"""

from __future__ import annotations

# Before a colon (or, in Chinese and Japanese, a slash) and the one who wrote. Western labels are
# in the pattern of `names`, since there the colon may be left out.
WRITER_LABELS = frozenset({
    "作者", "本文作者", "原创作者", "原創作者", "撰文", "撰稿", "撰稿人", "采写", "採寫", "文",
    "图文", "圖文", "文图", "執筆", "執筆者", "著者", "筆者", "ライター", "取材", "글", "글쓴이",
    "작성자", "автор", "авторы", "автори", "текст", "yazan", "yazar", "haber", "pisze", "tác giả",
    "penulis", "ผู้เขียน", "लेखक", "লেখক", "بقلم", "كتب", "الكاتب", "نویسنده", "מאת", "συντάκτης",
    "kirjoittaja", "szerző", "scris de", "napsal",
})  # fmt: skip
# The same of those who saw to it: they sign where nobody else does.
EDITOR_LABELS = frozenset({
    "责任编辑", "責任編輯", "责编", "責編", "编辑", "編輯", "主编", "主編", "小编", "小編", "編集",
    "編集者", "편집", "редактор", "редакторы", "محرر", "تحرير", "editör", "biên tập", "editor",
    "redakcja", "σύνταξη",
})  # fmt: skip
_FOLLOW = frozenset({
    "follow", "following", "suivre", "folgen", "seguir", "seguindo", "segui", "volgen", "følg",
    "følge", "följ", "seuraa", "obserwuj", "sledovat", "sleduj", "követés", "urmărește",
    "takip et", "подписаться", "підписатися", "متابعة", "تابع", "עקוב", "关注", "已关注", "+关注",
    "加关注", "關注", "追蹤", "フォロー", "フォローする", "팔로우", "구독", "theo dõi", "ikuti",
    "ติดตาม", "फ़ॉलो करें", "subscribe", "s'abonner", "s’abonner", "abonnieren", "suscribirse",
    "订阅", "訂閱",
})  # fmt: skip
_LOG_IN = frozenset({
    "log in", "login", "sign in", "sign up", "register", "connexion", "se connecter", "s'inscrire",
    "anmelden", "einloggen", "registrieren", "iniciar sesión", "acceder", "entrar", "accedi",
    "inloggen", "logg inn", "log ind", "logga in", "kirjaudu", "zaloguj", "zaloguj się",
    "přihlásit", "prihlásiť", "bejelentkezés", "autentificare", "giriş", "giriş yap", "войти",
    "вход", "увійти", "تسجيل الدخول", "ورود", "התחברות", "登录", "登錄", "登入", "注册", "註冊",
    "ログイン", "会員登録", "로그인", "회원가입", "đăng nhập", "masuk", "เข้าสู่ระบบ", "लॉग इन",
})  # fmt: skip
_NOBODY = frozenset({
    "admin", "wordpress admin", "wordpressadmin", "administrator", "editor", "staff", "guest",
    "user", "author", "authors", "root", "webmaster", "unknown", "unknown author", "null", "none",
    "undefined", "anonymous", "inconnu", "anonyme", "unbekannt", "anonym", "desconocido",
    "anónimo", "desconhecido", "anônimo", "sconosciuto", "anonimo", "onbekend", "anoniem",
    "nieznany", "неизвестен", "неизвестный автор", "аноним", "невідомий", "مجهول", "未知", "不详",
    "佚名", "匿名", "无名氏", "無名氏", "网络", "網絡", "网络整理", "互联网", "网友", "综合",
    "本站", "本站原创", "name", "your name", "author name", "firstname lastname", "原创", "原創",
    "转载", "轉載", "不明", "編集部員", "미상", "익명",
})  # fmt: skip
_LABELS = frozenset({
    "updated", "update", "published", "share", "by", "von", "par", "autor", "autorin", "auteur",
    "text", "interview", "sponsored", "beitrag", "article", "paid", "posted", "on", "in", "more",
    "read more", "facebook", "twitter", "linkedin", "from", "source", "views", "comments", "about",
    "über", "à propos", "sobre", "info", "over", "发布", "发布于", "发布时间", "发表", "发表于",
    "发表时间", "發布於", "發布時間", "發表於", "更新", "更新于", "更新时间", "更新時間", "时间",
    "時間", "日期", "来源", "來源", "阅读", "閱讀", "阅读量", "浏览", "浏览量", "点击", "点击量",
    "评论", "評論", "分享", "收藏", "举报", "总篇数", "文章数", "粉丝", "粉絲", "篇", "次", "文章",
    "公開", "公開日", "更新日", "投稿日", "配信", "配信日", "入力", "입력", "수정", "등록", "조회",
    "조회수", "댓글", "공유", "опубликовано", "дата", "просмотров", "комментарии", "опубліковано",
    "yayınlanma", "güncelleme", "نشر", "تاريخ النشر",
})  # fmt: skip
# Links beside a name, and what stands for one that pays.
_BESIDE = frozenset({
    "about the author", "about author", "über den autor", "über die autorin", "zum autor",
    "à propos de l'auteur", "à propos de l’auteur", "sobre el autor", "sobre la autora",
    "sobre o autor", "sull'autore", "over de auteur", "om forfatteren", "om skribenten",
    "profile", "profil", "perfil", "profilo", "profiel", "view profile", "view author page",
    "author archive", "bio", "biography", "contact", "kontakt", "e-mail", "email", "website",
    "all articles", "all posts", "more articles", "alle artikel", "alle beiträge",
    "mehr artikel", "weitere artikel", "weitere beiträge", "tous les articles",
    "tous ses articles", "todos los artículos",
    "todos os artigos", "tutti gli articoli", "alle artikelen", "alle artikler",
    "alla artiklar", "все статьи", "全部文章", "すべての記事", "기사 더보기",
    "sponsored content", "sponsored post", "gesponserte inhalte", "gesponsert", "anzeige",
    "contenu sponsorisé", "contenido patrocinado", "contenuto sponsorizzato", "advertorial",
    "advertisement", "news", "nachrichten", "actualités", "noticias", "notícias", "notizie",
    "nieuws", "nyheter", "nyheder", "uutiset", "wiadomości", "новости", "haberler",
})  # fmt: skip
_MODES = ("am", "on", "by", "at")
_DATED = frozenset(
    f"{verb} {mode}"
    for verb in ("publiziert", "veröffentlicht", "written", "posted", "published", "updated")
    for mode in _MODES
)
_DAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue",
    "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi",
    "vendredi", "samedi", "dimanche", "lunes", "martes", "miércoles", "jueves", "viernes",
})  # fmt: skip
# What stands in a byline and is nobody, in lower case.
NO_AUTHORS = _BESIDE | _FOLLOW | _LOG_IN | _NOBODY | _LABELS | _DATED | _DAYS
