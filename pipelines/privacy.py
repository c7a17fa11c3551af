"""Commenters leave the pipeline under pseudonyms; who holds no key cannot tell who they are.

The same name has the same pseudonym all over a data folder, so a conversation can still be read.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Final, Self

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.errors import ConfigurationError, DatasetError
from crawler.items import Article, Comment
from crawler.state import DataFolder
from pipelines.contacts import masked, phone_regions, regions_of

KEY_BYTES: Final = 32

# 64 bits: among a million commenters two share a pseudonym with a chance of 1 in 37 million.
_PSEUDONYM_BYTES = 8


def pseudonym(name: str, key: bytes) -> str:
    """16 hex digits for a name: keyed BLAKE2b (RFC 7693) of it, NFKC, case folded, trimmed.

    Keyed, as names can be guessed: a plain hash would be undone by hashing a directory of names.
    Two people of one name share a pseudonym; a page does not tell them apart either.
    """
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return blake2b(folded.encode(), key=key, digest_size=_PSEUDONYM_BYTES).hexdigest()


def key_path(settings: BaseSettings) -> Path:
    """`PRIVACY_KEY_FILE`, by default `privacy.key` in the data folder.

    That is beside the state and never among the snapshots: these are what is published, and with
    the key in them the pseudonyms would be no more than names spelled differently.

    Raises: ConfigurationError for a file among the snapshots.
    """
    data_folder = DataFolder.from_settings(settings).path
    path = Path(settings["PRIVACY_KEY_FILE"] or data_folder / "privacy.key")
    if path.resolve().is_relative_to((data_folder / "snapshots").resolve()):
        raise ConfigurationError(
            f'PRIVACY_KEY_FILE "{path}" lies among the snapshots, which are what is '
            "published: name a file outside of them"
        )
    return path


def read_key(path: Path) -> bytes:
    """The key in a file (64 hex digits), which is made for its owner alone if it is not there.

    Whoever deletes it makes the pseudonyms final: nobody can link them to names again, and
    commenters get new ones from then on.

    Raises: ConfigurationError for a file that cannot be read or holds no key, DatasetError where
    none can be made.
    """
    if not path.exists():
        _make_key(path)
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except OSError as error:
        raise ConfigurationError(
            f'the privacy key "{path}" cannot be read ({error.strerror}): make it readable for '
            "this user, or name another file in PRIVACY_KEY_FILE"
        ) from error
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigurationError(
            f'"{path}" is no privacy key ({KEY_BYTES * 2} hex digits): restore it from a copy, or '
            "delete it, and commenters get new pseudonyms from now on"
        )
    return key


def _make_key(path: Path) -> None:
    """Puts a new key in place whole, unless another run was quicker: then that key stands."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            os.unlink(draft)
    except OSError as error:
        raise DatasetError(
            f'the privacy key "{path}" cannot be made ({error.strerror}): make its folder '
            "writable, or name another file in PRIVACY_KEY_FILE"
        ) from error


def pseudonymize(comment: Comment, key: bytes) -> Comment:
    """The comment with its author's pseudonym and without the name.

    An author of the article is no exception: who answers readers is one voice among theirs.
    """
    name = (comment.author or "").strip()
    if not name:
        return replace(comment, author=None)
    return replace(comment, author=None, author_pseudonym=pseudonym(name, key))


class PrivacyPipeline:
    """Takes names, addresses and numbers off comments.

    The article's own authors sign publicly and stay; contacts in its text are counted in `quality`.
    """

    def __init__(self, key: bytes, mask: bool = True, regions: Sequence[str] = ()) -> None:
        """`mask` is whether contacts are masked, `regions` whose phone numbers are known besides
        those of the site's country and language."""
        self.key = key
        self._mask = mask
        self._regions = regions

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(
            read_key(key_path(settings)),
            settings.getbool("PRIVACY_MASK_CONTACTS"),
            phone_regions(settings),
        )

    def process_item(self, item: Article) -> Article:
        if not item.comments:
            return item
        comments = [pseudonymize(comment, self.key) for comment in item.comments]
        if self._mask:
            regions = regions_of(item.domain, item.language, self._regions)
            comments = [replace(one, text=masked(one.text, regions)) for one in comments]
        return replace(item, comments=tuple(comments))
