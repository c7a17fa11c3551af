"""The texts are what the demo promises: enough of them, in good typography, with true plants."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.demo.texts import Story, load_stories, parse_blocks, parse_story
from crawler.items import Block

STORIES = {story.slug: story for story in load_stories()}
COPIES = [story for story in STORIES.values() if story.copy_of]
FRIENDS = [story for story in STORIES.values() if story.friend_of]
SHINGLE = 5  # words; the size the deduplication works with


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def resemblance(one: Story, other: Story) -> tuple[float, float]:
    """Jaccard similarity, and the share of the smaller text found in the larger."""
    left, right = shingles(one.body), shingles(other.body)
    common = len(left & right)
    return common / len(left | right), common / min(len(left), len(right))


def test_there_are_sixty_french_stories_and_twenty_others_not_counting_copies() -> None:
    languages = Counter(story.language for story in STORIES.values() if not story.copy_of)
    assert languages["fr"] >= 60
    assert languages.total() - languages["fr"] >= 20
    assert set(languages) == {"fr", "en", "de", "es", "it", "pt", "nl", "ar", "ja"}


def test_every_host_has_its_share() -> None:
    hosts = Counter(story.host for story in STORIES.values())
    assert hosts["le-colporteur.localhost"] >= 36
    assert hosts["la-gazette.localhost"] >= 30
    assert hosts["world-courier.localhost"] >= 20


def test_no_file_is_lost_to_a_slug_used_twice() -> None:
    folder = Path(__file__).parents[2] / "crawler" / "demo" / "texts"
    assert len(list(folder.glob("*/*.md"))) == len(STORIES)


def test_the_dates_lie_in_the_past_and_spread_over_months() -> None:
    published = [story.published for story in STORIES.values()]
    assert max(published) < datetime(2026, 11, 1, tzinfo=UTC)
    assert len({f"{date:%Y-%m}" for date in published}) >= 4
    assert all(story.modified >= story.published for story in STORIES.values())


def test_a_story_has_a_length_of_its_kind() -> None:
    lengths = {
        slug: len(story.body.split()) for slug, story in STORIES.items() if story.language != "ja"
    }
    assert {slug: words for slug, words in lengths.items() if not 120 <= words <= 360} == {}


def test_copies_of_every_kind_are_planted() -> None:
    kinds = Counter(story.copy_kind for story in COPIES)
    assert kinds["exact"] >= 6
    assert kinds["near"] >= 5
    assert kinds["contained"] >= 2


def test_one_exact_copy_differs_in_its_headline_only() -> None:
    renamed = [copy for copy in COPIES if copy.title != STORIES[copy.copy_of or ""].title]
    assert any(copy.copy_kind == "exact" for copy in renamed)


@pytest.mark.parametrize("copy", COPIES, ids=lambda story: story.slug)
def test_a_copy_follows_its_original_on_another_host(copy: Story) -> None:
    original = STORIES[copy.copy_of or ""]
    assert original.copy_of is None
    assert original.host != copy.host
    assert original.language == copy.language
    assert original.published < copy.published


@pytest.mark.parametrize("copy", COPIES, ids=lambda story: story.slug)
def test_a_copy_is_as_close_as_its_kind_says(copy: Story) -> None:
    original = STORIES[copy.copy_of or ""]
    jaccard, containment = resemblance(copy, original)
    if copy.copy_kind == "exact":
        assert copy.body == original.body
    elif copy.copy_kind == "near":
        assert 0.5 < jaccard < 1
    else:
        assert containment > 0.9
        assert 0.25 < jaccard < 0.5


@pytest.mark.parametrize("friend", FRIENDS, ids=lambda story: story.slug)
def test_a_false_friend_is_no_copy(friend: Story) -> None:
    jaccard, containment = resemblance(friend, STORIES[friend.friend_of or ""])
    assert jaccard < 0.45
    assert containment < 0.7


def test_two_false_friends_share_one_long_quotation() -> None:
    friend = STORIES["l-eau-de-la-plaine-a-un-siecle-d-age"]
    other = STORIES[friend.friend_of or ""]
    shared = set(friend.blocks) & set(other.blocks)
    assert [block.type for block in shared] == ["quote"]
    assert len(shared.pop().text.split()) > 50


@pytest.mark.parametrize(
    "story",
    [story for story in STORIES.values() if story.language == "fr"],
    ids=lambda story: story.slug,
)
def test_french_is_set_as_french_typography_wants_it(story: Story) -> None:
    texts = [story.title, story.body, *(comment.text for comment in story.comments)]
    for text in texts:
        assert not re.search(r" [»;:!?]|« |\w[;!?»]|«\w|'|\"", text), text
        assert not re.search(r"[^\W\d]:", text), text
        assert text.count("«") == text.count("»")


def test_some_stories_have_threads_of_comments_with_ids_of_their_own() -> None:
    comments = [comment for story in STORIES.values() for comment in story.comments]
    ids = [comment.comment_id for comment in comments]
    assert len(ids) == len(set(ids)) >= 30
    assert any(comment.parent_id for comment in comments)
    for story in STORIES.values():
        mine = {comment.comment_id for comment in story.comments}
        assert {comment.parent_id for comment in story.comments} <= mine | {None}


def test_blocks_are_read_from_the_small_markdown() -> None:
    text = "Un paragraphe\nsur deux lignes.\n\n## Titre\n\n> Dit-elle\n> hier.\n\n- un\n- deux\n"
    assert parse_blocks(text) == (
        Block("paragraph", "Un paragraphe sur deux lignes."),
        Block("heading", "Titre", 2),
        Block("quote", "Dit-elle hier."),
        Block("list_item", "un", 1),
        Block("list_item", "deux", 1),
    )


def test_a_file_gives_a_story(tmp_path: Path) -> None:
    path = tmp_path / "le-journal.localhost" / "un-essai.md"
    path.parent.mkdir()
    path.write_text(
        '+++\ntitle = "Un essai"\nauthors = ["Ada"]\ndate = 2026-06-01T08:00:00+02:00\n'
        'section = "Tech"\nlanguage = "fr"\ncopy_of = "autre"\ncopy_kind = "near"\n'
        '\n[[comments]]\nid = 7\nauthor = "Bo"\ndate = 2026-06-02T08:00:00+02:00\n'
        'text = "Oui."\n+++\nCorps.\n',
        encoding="utf-8",
    )
    story = parse_story(path)
    assert (story.host, story.slug, story.body) == (
        "le-journal.localhost",
        "un-essai",
        "\n\nCorps.",
    )
    assert story.modified == story.published
    assert (story.copy_of, story.copy_kind) == ("autre", "near")
    assert story.comments[0].comment_id == "7"
