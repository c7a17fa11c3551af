"""Which data folder publishes to a store: one at a time, and another only after it took over.

A store has no lock. So each folder has a name of its own, which stands in `latest.json`, and knows
what it sent last; one that finds another's name there, or a commit it never made, leaves it alone.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Claim:
    """A data folder's own file, `published.json`; `folder` is its name."""

    path: Path
    folder: str
    sent: str | None
    """The commit that was sent last."""

    @classmethod
    def of(cls, path: Path) -> Claim:
        """That of a folder, which is made if there is none."""
        if path.is_file():
            said = json.loads(path.read_text("utf-8"))
            return cls(path, said["folder"], said["sent"])
        claim = cls(path, secrets.token_hex(8), None)
        claim.note(None)
        return claim

    def is_named(self, said: Mapping[str, Any] | None) -> bool:
        """Whether what a store says names this folder, or none."""
        return said is None or said["published_by"] == self.folder

    def holds(self, said: Mapping[str, Any] | None, made: Set[str]) -> bool:
        """Whether it is also what this folder sent; `made` are the commits it still has."""
        return self.is_named(said) and (said is None or said["commit_id"] in {*made, self.sent})

    def note(self, commit_id: str | None) -> None:
        """Remember what was sent. Raises: OSError."""
        unfinished = self.path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps({"folder": self.folder, "sent": commit_id}), "utf-8")
        unfinished.replace(self.path)
