from __future__ import annotations

import time

import pytest

from pipelines.contacts import emails, masked, phone_numbers, regions_of

PHONES = [
    ("Appelez le 06 12 34 56 78 svp", "FR"), ("06.12.34.56.78", "FR"), ("0612345678", "FR"),
    ("tél:0612345678.", "FR"), ("01-42-68-53-00", "FR"), ("+33 6 12 34 56 78", "DE"),
    ("+33(0)6 12 34 56 78", "FR"), ("00 33 6 12 34 56 78", "FR"), ("(212) 555-0123", "US"),
    ("call 212-736-5000 now", "US"), ("1-800-273-8255", "US"), ("+1 (415) 555-2671", "FR"),
    ("030 23125 100", "DE"), ("0171 1234567", "DE"), ("020 7946 0018", "GB"),
    ("07911 123456", "GB"), ("03-3571-5071", "JP"), ("+81 90-1234-5678", "FR"),
    ("010-1234-5678", "KR"), ("llámame al 612 345 678, Ana", "ES"), ("06 698 83712", "IT"),
    ("+39 06 698 83712", "FR"), ("8 (495) 123-45-67", "RU"), ("+86 138 0013 8000", "FR"),
    ("13800138000", "CN"), ("+212 661-234567", "FR"), ("+966 50 123 4567", "FR"),
    ("٠٥٠١٢٣٤٥٦٧", "SA"), ("(11) 91234-5678", "BR"),
]  # fmt: skip
NO_PHONES = [
    # dates and years
    ("le 12.10.2026 à 14h30", "FR"), ("2026-10-12 14:30", "FR"), ("10-12-2026", "US"),
    ("1914-1918 et 1939-1945", "FR"), ("S. 1688-1711", "DE"),
    ("20261012", "DE"), ("2026.10.12", "DE"),
    # prices and amounts
    ("1 234 567,89 €", "FR"), ("$1,234,567.89", "US"), ("612 345 678 euros", "ES"),
    ("620 000 000 habitants", "ES"), ("100 000 000 de personnes", "FR"), ("2 147 483 647", "FR"),
    # scores and draws
    ("3-2, 6-4 6-3 7-6", "FR"), ("21-14 35-10 28-7", "US"), ("01 02 03 04 05 06", "FR"),
    # numbers of books, companies, accounts, cards, posts
    ("ISBN 978-2-07-036822-8", "FR"), ("ISBN 2-07-036822-X", "FR"), ("9782070368228", "FR"),
    ("978-3-16-148410-0", "DE"), ("SIRET 732 829 320 00074", "FR"),
    ("IBAN FR76 3000 6000 0112 3456 7890 189", "FR"), ("4111 1111 1111 1111", "US"),
    ("1597431234567890123", "US"), ("n° 1234567890", "US"),
    # addresses of machines and places, decimals, links
    ("192.168.10.254", "FR"), ("2001:0db8:85a3::8a2e", "FR"), ("48.8566, 2.3522", "FR"),
    ("3.14159265358979", "FR"), ("0,123456789", "FR"), ("v1.2.3.4567", "FR"),
    ("https://journal.example/a-0612345678.html", "FR"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "region"), PHONES)
def test_a_phone_number_is_found_as_it_is_written_in_its_country(text: str, region: str) -> None:
    assert len(phone_numbers(text, (region,))) == 1


@pytest.mark.parametrize(("text", "region"), NO_PHONES)
def test_what_only_has_many_digits_is_no_phone_number(text: str, region: str) -> None:
    assert phone_numbers(text, (region,)) == []


@pytest.mark.parametrize(
    "address",
    [
        "lea@journal.example", "Lea.Bonnefoy+x@mail.journal.example", "léa@écho.example",
        "lea (at) journal.example", "lea[at]journal[dot]example", "a_b-c@x-y.co.uk",
    ],
)  # fmt: skip
def test_an_email_address_is_masked_and_what_stands_around_it_stays(address: str) -> None:
    assert masked(f"Écrivez à {address}, merci.", ()) == "Écrivez à [email], merci."


@pytest.mark.parametrize(
    "text", ["@lea a raison", "3 @ 5 euros", "lea@", "rendez-vous (at) noon", "a@b", "@@@"]
)
def test_a_handle_is_no_email_address(text: str) -> None:
    assert emails(text) == []


def test_two_numbers_and_an_address_are_masked_each() -> None:
    text = "Paul : 06 12 34 56 78 ou +49 171 1234567 (paul@roy.example), 12 000 € en 2026."
    assert masked(text, ("FR",)) == "Paul : [phone] ou [phone] ([email]), 12 000 € en 2026."


def test_the_regions_are_the_sites_own_then_those_of_its_language() -> None:
    assert regions_of("lecho.be", "fr") == ("BE", "FR")
    assert regions_of("journal.co.uk", "en") == ("GB", "US")
    assert regions_of("journal.com", "zh-Hans", ["FR"]) == ("FR", "CN", "TW")
    assert regions_of("localhost", "und") == ()


def test_a_text_made_of_digits_or_of_letters_takes_no_longer_than_it_is_long() -> None:
    for piece in ("1 2 ", "a.", "a-a@", "06 12 34 ", "a" * 50):
        started = time.process_time()
        masked(piece * (40_000 // len(piece)), ("FR", "US"))
        assert time.process_time() - started < 4, piece
