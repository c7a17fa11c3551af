"""How pages about a reader's own account, or the way to the editors, name themselves.

Such a page is known where its name, in its address or over it, has no other word: news of stolen
passwords has many.
"""

from __future__ import annotations

import re

# Of addresses these have no hyphens, accents or endings; headlines have them.
_ACCOUNT = r"""
    log(?:in|on|ind)|log\ (?:in|on|ind)|sign(?:in|up)|sign\ (?:in|up)|register|registration|
    registr(?:o|ati|arse|arme|ieren|ierung|azione|acion|ación|ace|acija|ácia|ácie|ujte)|
    registro|registrar|se\ connecter|connexion|inscription|s.inscrire|identification|
    \bauth\b|auth(?:entication|entification|orization)|passwor[td]|passwd|mot\ ?de\ ?passe|
    contrase[ñn]a|contrasinal|senha|wachtwoord|l[öo]senord|adgangskode|kodeord|passord|jelsz[óo]\w*|has[łl]\w*|
    hesl[oa]|slapta[žz]od\w+|salasana|anmelden|anmeldung|einloggen|iniciar\ sesi[óo]n|acceder|
    accedi|accesso|entrar|logowani[ea]|zaloguj|rejestracj[ai]|regisztr[áa]ci[óo]|
    bel[ée]p[ée]s|p[řr]ihl[áa][šs](?:en[ií]|it)|prihl[áa]senie|prisijun\w+|
    kirjaudu(?:\ sis[äa][äa]n)?|rekister[öo]idy|opret|вход|войти|
    регистрация|регистрирай|авторизация|парол[ья]|парола|пароля|вхід|реєстрація|ログイン|登録|会員登録|パスワード|登录|注册|密码|로그인|회원가입|비밀번호|
    ورود|ثبت\ ?نام|عضویت|giri[şs]|[üu]ye\ ol|[şs]ifre\w*|account|usercp|ucp|mypage
"""
_CONTACT = r"""
    contact|contacts|contact\ ?us|contactez\ ?(?:-\ ?)?nous|contactenos|contacto|contato|contatti|
    contattaci|kontakt|kontakty|kontaktformular|feedback|contact\ ?form|impressum|imprint|
    yhteystiedot|kapcsolat|контакты|контакти|обратная\ связь|お問い合わせ|联系我们|문의|تماس\ با\ ما
"""
# What stands beside such words without telling of anything.
_BESIDE = r"""
    your|my|me|an|a|the|to|for|of|on|or|and|us|users?|members?|member\ s|customer|client|
    manual|new|free|page|form|step\d*|create|lost|forg[eo]t|forgotten|reset|retrieve|request|change|
    recover|recovery|remind(?:er)?|activate|do|wp|go|mon|ma|votre|un|une|le|la|les|de|du|des|
    oubli[ée]e?|perdu|rappel|el|tu|su|usuario|usuarios|olvidad[ao]|cambiar|da|dein|ihr|neues|neu|
    vergessen|und|zum|konto|ny|nyt|bruger|dit|glemt|[åa]terst[äa]ll|zapomnia\w+|przypomnij|swojego|
    nowy|elfelejtett|на|сайте|за|забравена|забыли|забыл|запрос|восстановление|напомнить|
    کاربری|و|をお忘れの方|priminimas|aan|je|uw|vergeten
"""
_WORDS = re.compile(r"[\W_]+")
# A longer name tells of something.
_MAX_WORDS, _MAX_LENGTH = 7, 60


def _names_only(words: str) -> re.Pattern[str]:
    beside = rf"(?:(?:{_BESIDE})\ ?)*"
    return re.compile(rf"{beside}(?:{words})(?:\ ?(?:{words}|{_BESIDE}))*", re.VERBOSE)


_OF_ACCOUNTS, _OF_CONTACTS = _names_only(_ACCOUNT), _names_only(_CONTACT)


def is_of_accounts(name: str) -> bool:
    """Whether a headline, or a part of an address, names nothing but a reader's account."""
    return _is(name, _OF_ACCOUNTS)


def is_of_contacts(name: str) -> bool:
    """Whether it names nothing but the way to write to somebody."""
    return _is(name, _OF_CONTACTS)


def _is(name: str, names: re.Pattern[str]) -> bool:
    if len(name) > _MAX_LENGTH:
        return False
    words = _WORDS.sub(" ", name.casefold()).strip()
    return words.count(" ") < _MAX_WORDS and names.fullmatch(words) is not None
