"""What is to be erased, and where a text tells of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from pipelines.erasure.names import Mention, fold, name_key

# The article id of a URL; None where it is none.
Identify = Callable[[str], str | None]
Trace = Literal["id", "url", "domain", "pseudonym", "name"]

_URL = re.compile(r"https?://[^\s\"'<>\\|\x00-\x1f\x7f\ufffd]+")
_TRAILING = ".,;:!?)]}»”’"
_ARTICLE_ID = re.compile(r"[0-9a-f]{32}")
_PSEUDONYM = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody wants erased, and, once it was looked for, which articles that is.

    `addresses` are the ids of URLs as they were given, which a row may have for its own or for its
    canonical one. `heirs` are of each cluster that loses its head or its name the copy that is kept
    from then on. `records` of the archive go. With `naming`, whatever names an author goes too.
    """

    ids: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    pseudonyms: frozenset[str] = frozenset()
    naming: bool = False
    heirs: Mapping[str, str] = field(default_factory=dict)
    records: frozenset[str] = frozenset()

    def dump(self) -> str:
        """As JSON, for the erasure that somebody else may have to finish."""
        said = {name: getattr(self, name) for name in self.__slots__}
        sets = {name: sorted(value) for name, value in said.items() if isinstance(value, frozenset)}
        return json.dumps({**said, **sets})

    @classmethod
    def load(cls, text: str) -> Target:
        """The target of `dump`."""
        said = json.loads(text)
        for name in ("ids", "addresses", "domains", "pseudonyms", "records"):
            said[name] = frozenset(said.get(name, ()))
        return cls(**{**said, "names": tuple(said["names"])})


class Traces:
    """Finds in texts what tells of a target."""

    def __init__(self, target: Target, identify: Identify) -> None:
        self.target = target
        # The same address stands in every snapshot.
        self._identify = lru_cache(maxsize=65_536)(identify)
        self._keys = {name_key(name) for name in target.names}
        self._names = [Mention(name) for name in target.names]
        # One word may be anybody's, or no name at all: it is no reason to let go of a comment.
        self._full_names = [name for name in self._names if name.is_full]
        self._domains = [
            re.compile(rf"(?<![a-z0-9-]){re.escape(domain)}(?![a-z0-9-]|\.[a-z0-9])")
            for domain in target.domains
        ]

    def is_address(self, url: str | None) -> bool:
        """Whether a URL is one of those that were given."""
        return bool(url and self.target.addresses) and self._id_of(url or "") in (
            self.target.addresses
        )

    def is_author(self, names: Iterable[str] | None) -> bool:
        """Whether one of them is to be erased."""
        return bool(self._keys) and any(name_key(name) in self._keys for name in names or ())

    def names_author(self, text: str) -> bool:
        """Whether a text has the full name of somebody who is to be erased."""
        folded = fold(text) if self._full_names else ""
        return any(name.is_in(folded) for name in self._full_names)

    def find(self, text: str) -> Trace | None:
        """The first kind of trace in a text: what stands for nothing else comes first."""
        target = self.target
        if target.ids and not target.ids.isdisjoint(_ARTICLE_ID.findall(text)):
            return "id"
        if target.pseudonyms and not target.pseudonyms.isdisjoint(_PSEUDONYM.findall(text)):
            return "pseudonym"
        if self._has_url(text):
            return "url"
        if self._domains or self._names:
            folded = fold(text)
            if self._has_domain(folded):
                return "domain"
            if any(name.is_in(folded) for name in self._names):
                return "name"
        return None

    def goes_raw(self, text: str, *, is_of_another: bool) -> bool:
        """Whether a raw exchange goes for what it says: a link, or the full name of an author.

        Of a site that is erased a page of another may speak, and a single word may be no name.
        """
        if self.target.naming:
            return self.find(text) is not None
        if self._has_url(text) or self.names_author(text):
            return True
        return not is_of_another and bool(self._domains) and self._has_domain(fold(text))

    def _has_url(self, text: str) -> bool:
        ids = self.target.ids
        return bool(ids) and any(self._id_of(url) in ids for url in _URL.findall(text))

    def _has_domain(self, folded: str) -> bool:
        return any(pattern.search(folded) for pattern in self._domains)

    def _id_of(self, url: str) -> str | None:
        return self._identify(url.rstrip(_TRAILING))
