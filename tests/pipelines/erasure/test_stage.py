from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from crawler.errors import Reason
from crawler.items import Comment
from crawler.state import State
from crawler.state.tombstones import Kind
from pipelines.erasure.names import name_key
from pipelines.erasure.stage import ErasurePipeline
from pipelines.refused import Refused
from tests.pipelines.newsroom import NOW, story


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("article", "a", Reason.ERASED_URL),
        ("domain", "journal.example", Reason.ERASED_DOMAIN),
        ("author", name_key("Jeanne Martin"), Reason.ERASED_AUTHOR),
    ],
)
def test_what_was_erased_is_refused_and_the_refusal_names_nothing(
    tmp_path: Path, kind: Kind, value: str, reason: Reason
) -> None:
    state = State(tmp_path / "state.sqlite")
    stage = ErasurePipeline(state.tombstones, lambda source, thing: None)
    article = story("a", authors=("Paul Roy", "MARTIN, Jeanne"))
    other = story("b", authors=("Paul Roy",), domain="gazette.example")
    assert stage.process_item(article) == article
    state.tombstones.bury(kind, value, NOW)
    with pytest.raises(Refused) as refused:
        stage.process_item(article)
    assert refused.value.refusal.reason is reason
    assert str(refused.value) == str(reason)
    assert stage.process_item(other) == other
    state.close()


def test_an_erased_commenter_is_left_out_and_replies_to_nobody_stay(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    state = State(tmp_path / "state.sqlite")
    state.tombstones.bury("author", name_key("Jeanne Martin"), NOW)

    def count(source: str, thing: str) -> None:
        counts[f"{source}/{thing}"] += 1

    first = Comment(comment_id="1", text="Non.", position=0, author="jeanne martin")
    reply = Comment(comment_id="2", text="Si.", position=1, author="Paul", parent_id="1")
    answer = Comment(comment_id="3", text="Ah.", position=2, parent_id="2")
    stage = ErasurePipeline(state.tombstones, count)
    kept = stage.process_item(story("a", comments=(first, reply, answer))).comments
    assert [(comment.comment_id, comment.parent_id) for comment in kept] == [
        ("2", None),
        ("3", "2"),
    ]
    assert counts == {"journal/erased/comments": 1}
    state.close()
