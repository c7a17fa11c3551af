from __future__ import annotations

from pathlib import Path

from crawler.storage.claim import Claim


def said(claim: Claim, commit_id: str) -> dict[str, str]:
    return {"published_by": claim.folder, "commit_id": commit_id}


def test_a_folder_has_one_name_and_knows_what_it_sent(tmp_path: Path) -> None:
    claim = Claim.of(tmp_path / "published.json")
    claim.note("first")
    again = Claim.of(tmp_path / "published.json")
    assert (again.folder, again.sent) == (claim.folder, "first")
    assert again.holds(said(claim, "first"), set())
    assert again.holds(said(claim, "second"), {"second"})
    assert again.holds(None, set())


def test_what_another_sent_or_a_copy_of_this_folder_is_none_of_ours(tmp_path: Path) -> None:
    claim, other = Claim.of(tmp_path / "a"), Claim.of(tmp_path / "b")
    assert not claim.holds(said(other, "first"), {"first"})
    # As where this folder was restored from a copy, and what it sent since is not in it.
    assert not claim.holds(said(claim, "later"), {"first"})
    assert claim.is_named(said(claim, "later"))
