"""Who signs a comment and what it says, where numbers, forms and buttons stand beside."""

from __future__ import annotations

import pytest

from tests.extract.test_comments import comments


def items(*inner: str) -> str:
    listed = "".join(f'<li class="clearfix">{one}</li>' for one in inner)
    return f'<div id="comments"><h3>Commentaires</h3><ol id="commentsList">{listed}</ol></div>'


def test_a_number_of_likes_is_not_what_a_comment_says() -> None:
    one = (
        '<div class="c-content"><div class="c-user-info"><a class="c-user-name" href="/u/{0}">{0}'
        '</a> <span class="c-create-time">12小时前</span></div><p>{1}</p>'
        '<span class="bui-right c-digg">1375</span></div>'
    )
    said = [("Ann", "桥又开了。"), ("Bo", "驴子也过去了。")]
    assert [c.text for c in comments(items(*(one.format(*o) for o in said)))] == [
        text for _, text in said
    ]


def test_what_is_submitted_is_the_text_and_a_zone_is_no_name() -> None:
    one = (
        '<div class="commentor-info"><div><a href="/profile?id=7">{0}</a><div>Town: Amont</div>'
        '</div></div><div class="comment-meta">Reply #1<div>Oct. 9, 2010 - 7:28 AM EST</div></div>'
        '<div class="submitted-comment clearfix"><p>{1}</p></div>'
    )
    found = comments(items(one.format("Ann", "The bridge is open."), one.format("Bo", "At last!")))
    assert [(c.author, c.text) for c in found] == [
        ("Ann", "The bridge is open."),
        ("Bo", "At last!"),
    ]


@pytest.mark.parametrize(
    "signed",
    [
        '<b>Ann Sorel</b> <span>on <a href="#c7">Sep 21, 3:29 PM</a> said:</span>',
        '<div class="author_name"><a href="/social/ann?tab=1">Ann Sorel</a> <i>349 Fans</i></div>',
        '<div class="author_name">SUPER USER <a href="/u/Ann Sorel">Ann Sorel</a> The mill!</div>',
    ],
)
def test_a_name_is_read_without_what_stands_beside_it(signed: str) -> None:
    body = "".join(
        f'<div id="comment-{n}" class="comment">{signed}<p class="comment-text">{text}</p></div>'
        for n, text in enumerate(("Le pont est ouvert.", "Et le gué ?"), 7)
    )
    assert [c.author for c in comments(f'<div id="comments">{body}</div>')] == ["Ann Sorel"] * 2


def test_the_form_is_no_comment_though_its_name_says_so() -> None:
    said = "".join(
        f'<div class="tie"><div class="who"><span class="desp">{name}</span>'
        f'<span class="when">2025-06-03 11:33:58</span></div><p>{text}</p></div>'
        for name, text in (("Ann", "Le pont est ouvert."), ("Bo", "Et le gué ?"))
    )
    found = comments(
        '<div class="post_comment" id="post_comment_area"><div id="post_comment"><form><textarea>'
        '</textarea></form><span class="nickname">Lecteur</span><p>Les avis n’engagent que leurs '
        f"auteurs.</p>{said}</div></div>"
    )
    assert [(c.author, c.text) for c in found] == [
        ("Ann", "Le pont est ouvert."),
        ("Bo", "Et le gué ?"),
    ]
