from __future__ import annotations

import time

import pytest

from crawler.errors import Reason, Refusal
from crawler.extract import extract
from crawler.extract.account_words import is_of_accounts, is_of_contacts
from crawler.items import Article
from tests.extract.pages import PROSE, page, story


@pytest.mark.parametrize(
    "name",
    [
        "Log in", "wp-login", "signup", "Create your account", "passwort+vergessen",
        "mot-de-passe-oublie", "lostPassword", "Elfelejtett jelszó", "Регистрация на сайте",
        "新規会員登録"[2:], "Forgot your password?", "forgot-password-step2", "Iniciar sesión",
    ],
)  # fmt: skip
def test_a_name_with_no_other_word_is_of_accounts(name: str) -> None:
    assert is_of_accounts(name)
    assert not is_of_contacts(name)


@pytest.mark.parametrize("name", ["Contact us", "kontakt", "contactez-nous", "CONTATTI"])
def test_a_name_with_no_other_word_is_of_contacts(name: str) -> None:
    assert is_of_contacts(name)
    assert not is_of_accounts(name)


@pytest.mark.parametrize(
    "name",
    [
        "A forgotten password opened the mayor's safe",
        "login-der-gemeinde-war-zehn-jahre-lang-1234",
        "Registration of donkeys begins",
        "An office for contact with the valley",
        "the", "", "le-pont-de-bois", "accountants", "author", "authors",
    ],
)  # fmt: skip
def test_what_tells_of_something_is_of_neither(name: str) -> None:
    assert not is_of_accounts(name)
    assert not is_of_contacts(name)


def test_a_name_made_to_be_slow_is_read_at_once() -> None:
    began = time.process_time()
    for name in ("theto" * 12, "a an " * 12, "login" * 12, "an" * 30 + "!", "un" * 10_000):
        is_of_accounts(name)
        is_of_contacts(name)
    assert time.process_time() - began < 0.5


FORM = '<form><input type="password"></form>'


@pytest.mark.parametrize(
    ("html", "path", "expected"),
    [
        (page(f"<h1>La Gazette</h1>{PROSE}"), "/membres/mot-de-passe-oublie.php", "login-page"),
        (page(f"<h1>La Gazette</h1>{PROSE}"), "/index.php?action=register", "login-page"),
        (page(f"<h1>La Gazette | Inscription</h1>{PROSE}"), "/?page=12", "login-page"),
        (page(f"<h1>La Gazette</h1><p>Ici les abonnés.</p>{FORM}"), "/espace/", "login-page"),
        (page(f"<h1>Où nous sommes</h1>{PROSE}"), "/journal/contact.html", "service-page"),
    ],
)
def test_a_page_about_the_readers_account_is_no_article(
    html: bytes, path: str, expected: str
) -> None:
    found = extract(html, f"https://gazette.example{path}")
    assert isinstance(found, Refusal)
    assert found.reason == Reason(f"article/{expected}")


@pytest.mark.parametrize(
    "path",
    [
        "/2025/06/03/un-mot-de-passe-oublie-ferme-le-pont/",
        "/contact/la-gazette-ouvre-un-bureau-dans-la-vallee/",
    ],
)
def test_a_story_that_tells_of_accounts_beside_a_login_form_is_an_article(path: str) -> None:
    html = story(f"{PROSE}{FORM}")
    assert isinstance(extract(html, f"https://gazette.example{path}"), Article)


def test_a_signed_story_of_few_words_beside_a_login_form_is_an_article() -> None:
    told = "<p>木桥上星期二重新开放。</p><p>驴子第一个走过去，村长站在桥边看着，没有说话。</p>"
    html = page(f"<h1>木桥重新开放，驴子先过</h1><p>2025年6月3日 08:00</p>{told}{FORM}")
    assert isinstance(extract(html, "https://gazette.example/a/20250603/12.html"), Article)
