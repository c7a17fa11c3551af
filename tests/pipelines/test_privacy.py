from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from scrapy.utils.test import get_crawler

from crawler.errors import ConfigurationError, DatasetError
from crawler.items import Article, Comment
from pipelines.privacy import PrivacyPipeline, pseudonym, read_key

KEY = bytes(range(32))


def stage(data_folder: Path, key_file: Path | None = None) -> PrivacyPipeline:
    settings = {"DATA_DIR": str(data_folder), "PRIVACY_KEY_FILE": key_file and str(key_file)}
    return PrivacyPipeline.from_crawler(get_crawler(settings_dict=settings))


def commented(*authors: str | None) -> Article:
    return Article(
        url="https://journal.example/pont",
        headline="Le pont ferme",
        article_body="Le pont de l’Île ferme lundi.",
        authors=("Anne Lecomte",),
        comments=tuple(
            Comment(comment_id=str(i), text="Enfin !", position=i, author=author)
            for i, author in enumerate(authors)
        ),
    )


def test_a_pseudonym_never_changes_under_its_key() -> None:
    assert pseudonym("Léa Martin", KEY) == "1f40b2d1db6d7a2b"


@pytest.mark.parametrize(
    "name", ["léa martin", " Léa  Martin\n", "LE\u0301A MARTIN", "Ｌéa Martin"]
)
def test_the_same_name_typed_otherwise_has_the_same_pseudonym(name: str) -> None:
    assert pseudonym(name, KEY) == pseudonym("Léa Martin", KEY)


def test_another_name_or_another_key_gives_another_pseudonym() -> None:
    assert pseudonym("Léa Martin", KEY) != pseudonym("Léo Martin", KEY)
    assert pseudonym("Léa Martin", KEY) != pseudonym("Léa Martin", KEY[::-1])


def test_commenters_lose_their_names_and_authors_keep_theirs() -> None:
    article = PrivacyPipeline(KEY).process_item(commented("Léa", "Anne Lecomte", "Léa"))
    assert [comment.author for comment in article.comments] == [None, None, None]
    first, second, third = (comment.author_pseudonym for comment in article.comments)
    assert first == third == pseudonym("Léa", KEY)
    assert second == pseudonym("Anne Lecomte", KEY)
    assert article.authors == ("Anne Lecomte",)


@pytest.mark.parametrize("author", [None, "", " \n"])
def test_a_comment_without_a_name_gets_no_pseudonym(author: str | None) -> None:
    (comment,) = PrivacyPipeline(KEY).process_item(commented(author)).comments
    assert (comment.author, comment.author_pseudonym) == (None, None)


def test_a_comment_that_has_its_pseudonym_keeps_it() -> None:
    once = PrivacyPipeline(KEY).process_item(commented("Léa"))
    assert PrivacyPipeline(KEY).process_item(once) == once


def test_the_first_run_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "privacy.key"
    key = read_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == key
    assert os.listdir(path.parent) == ["privacy.key"]


def test_runs_that_make_the_key_at_once_agree_on_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(read_key, [tmp_path / "privacy.key"] * 32))
    assert len(keys) == 1


@pytest.mark.parametrize("content", ["", "0123", "not a key", "é" * 64, "00" * 33])
def test_a_broken_key_is_told_in_one_sentence_and_left_as_it_is(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "privacy.key"
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=r'privacy\.key" is no privacy key') as error:
        read_key(path)
    assert "\n" not in str(error.value)
    assert path.read_text("utf-8") == content


def test_a_key_that_cannot_be_read_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_key(tmp_path)


def test_a_folder_that_takes_no_key_is_told_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(DatasetError, match=r"privacy\.key.* cannot be made"):
        read_key(tmp_path / "data" / "privacy.key")


def test_the_key_lies_in_the_data_folder_unless_said_otherwise(tmp_path: Path) -> None:
    assert stage(tmp_path / "data").key == read_key(tmp_path / "data" / "privacy.key")
    elsewhere = tmp_path / "secrets" / "colporteur.key"
    assert stage(tmp_path / "data", elsewhere).key == read_key(elsewhere)
    assert stage(tmp_path / "data").key != stage(tmp_path / "data", elsewhere).key


def test_a_key_among_the_snapshots_is_refused_before_it_is_made(tmp_path: Path) -> None:
    inside = tmp_path / "snapshots" / "000001" / "privacy.key"
    with pytest.raises(ConfigurationError, match="lies among the snapshots"):
        stage(tmp_path, inside)
    assert not inside.exists()


def commented_with(text: str) -> Article:
    (comment,) = commented("Léa").comments
    return replace(commented(), comments=(replace(comment, text=text),), domain="journal.fr")


def test_contacts_in_comments_are_masked_and_in_articles_stay() -> None:
    article = replace(
        commented_with("Appelez le 06 12 34 56 78 ou lea@journal.example"),
        article_body="La mairie : 04 12 34 56 78, mairie@ville.example.",
    )
    masked = PrivacyPipeline(KEY).process_item(article)
    assert masked.comments[0].text == "Appelez le [phone] ou [email]"
    assert masked.article_body == article.article_body


def test_masking_can_be_switched_off_and_told_of_more_regions(tmp_path: Path) -> None:
    text = "Ruf an: 0171 1234567"
    settings: dict[str, object] = {"DATA_DIR": str(tmp_path), "PRIVACY_MASK_CONTACTS": True}

    def taken(**more: object) -> str:
        stage = PrivacyPipeline.from_crawler(get_crawler(settings_dict={**settings, **more}))
        return stage.process_item(commented_with(text)).comments[0].text

    assert taken() == text
    assert taken(PRIVACY_PHONE_REGIONS="DE,AT") == "Ruf an: [phone]"
    assert taken(PRIVACY_PHONE_REGIONS="DE", PRIVACY_MASK_CONTACTS=False) == text
    with pytest.raises(ConfigurationError, match='"Germany" is no region'):
        taken(PRIVACY_PHONE_REGIONS="Germany")
