"""One thread in the markup of each comment system: who, when, what, in answer to whom."""

from __future__ import annotations

import pytest

from crawler.extract.blocks import read_pieces
from crawler.extract.comments import read_discussion
from tests.extract.pages import PROSE, document, page, structured

ANN = "Le mélèze tiendra bien trente ans, mon grand-père le disait."
BO = "Et le gué ? Personne ne parle du gué."

WORDPRESS_BLOCKS = f"""
<div class="wp-block-comments"><h2>2 réponses</h2><ol class="wp-block-comment-template">
<li id="comment-11" class="comment depth-1"><div class="wp-block-columns"><div
class="wp-block-column">
<div class="wp-block-comment-author-name"><a rel="external nofollow ugc" href="#">Ann</a></div>
<div class="wp-block-comment-date"><time datetime="2025-06-03T08:05:00+00:00"><a>3 juin
2025</a></time>
</div><div class="wp-block-comment-content"><p>{ANN}</p></div>
<div class="wp-block-comment-reply-link"><a class="comment-reply-link"
href="#">Répondre</a></div></div></div>
<ol><li id="comment-12" class="comment depth-2"><div class="wp-block-comment-author-name">Bo</div>
<div class="wp-block-comment-date"><time datetime="2025-06-03T09:10:00+00:00">3 juin
2025</time></div>
<div class="wp-block-comment-content"><p>{BO}</p></div></li></ol></li></ol></div>"""

WPDISCUZ = f"""
<div id="wpdcom"><div class="wpd-thread-list">
<div id="wpd-comm-11_0" class="comment wpd-comment wpd_comment_level-1"><div
class="wpd-comment-wrap">
<div class="wpd-comment-left"><div class="wpd-avatar"></div></div>
<div id="comment-11" class="wpd-comment-right"><div class="wpd-comment-header">
<div class="wpd-comment-author">Ann</div><div class="wpd-comment-date" title="3 juin 2025 8h05">
<i></i> il y a 1 an</div></div><div class="wpd-comment-text"><p>{ANN}</p></div>
<div class="wpd-comment-footer"><div class="wpd-vote"><div class="wpd-vote-result">4</div></div>
<div class="wpd-reply-button"><span>Répondre</span></div></div></div></div>
<div id="wpd-comm-12_11" class="comment wpd-comment wpd-reply wpd_comment_level-2">
<div id="comment-12" class="wpd-comment-right"><div class="wpd-comment-header">
<div class="wpd-comment-author">Bo</div><div class="wpd-comment-date" title="3 juin 2025 9h10">
il y a 1 an</div><div class="wpd-reply-to">Répondre à <a href="#comment-11">Ann</a></div></div>
<div class="wpd-comment-text"><p>{BO}</p></div></div></div></div></div></div>"""

GENESIS = f"""
<div class="entry-comments" id="comments"><h3>Commentaires</h3><ol class="comment-list">
<li class="comment depth-1" id="comment-11"><article id="article-comment-11" itemprop="comment"
itemscope
itemtype="https://schema.org/Comment"><header class="comment-header"><p class="comment-author"
itemprop="author" itemscope><span itemprop="name">Ann</span> <span class="says">dit</span></p>
<p class="comment-meta"><time class="comment-time" datetime="2025-06-03T08:05:00+00:00"
itemprop="datePublished">3 juin 2025</time></p></header>
<div class="comment-content" itemprop="text"><p>{ANN}</p></div></article>
<ul class="children"><li class="comment depth-2" id="comment-12"><article id="article-comment-12"
itemprop="comment" itemscope itemtype="https://schema.org/Comment"><p class="comment-author"
itemprop="author" itemscope><span itemprop="name">Bo</span></p><time
datetime="2025-06-03T09:10:00+00:00"
itemprop="datePublished">3 juin</time><div class="comment-content" itemprop="text"><p>{BO}</p></div>
</article></li></ul></li></ol></div>"""

DISQUS = f"""
<div id="disqus_thread"><ul id="post-list" class="post-list"><li class="post" id="post-11">
<div class="post-content"><div class="avatar"></div><div class="post-body"><header><span
class="post-byline">
<span class="author publisher-anchor-color"><a href="#">Ann</a></span></span><span
class="post-meta">
<a class="time-ago" title="Tuesday, June 3, 2025 8:05 AM">a year ago</a></span></header>
<div class="post-body-inner"><div class="post-message"><p>{ANN}</p></div></div>
<footer><span class="vote-count updatable count"
data-role="likes">4</span><a>Reply</a></footer></div></div>
<ul class="children"><li class="post" id="post-12"><div class="post-content"><div
class="post-body"><header>
<span class="author publisher-anchor-color">Bo</span>
<a class="time-ago" title="Tuesday, June 3, 2025 9:10 AM">a year ago</a></header>
<div class="post-message"><p>{BO}</p></div></div></div></li></ul></li></ul></div>"""

DISQUS_IN_WORDPRESS = f"""
<div id="disqus_thread"><ul id="dsq-comments"><li id="dsq-comment-11" class="comment">
<div id="dsq-comment-header-11" class="dsq-comment-header"><cite id="dsq-cite-11"><span
id="dsq-author-user-11">Ann</span></cite> <span class="dsq-comment-date">3 juin 2025
8:05</span></div>
<div id="dsq-comment-body-11" class="dsq-comment-body"><div id="dsq-comment-message-11"
class="dsq-comment-message"><p>{ANN}</p></div></div>
<ul class="children"><li id="dsq-comment-12" class="comment"><div class="dsq-comment-header">
<cite>Bo</cite> <span class="dsq-comment-date">3 juin 2025 9:10</span></div>
<div class="dsq-comment-body"><div
class="dsq-comment-message"><p>{BO}</p></div></div></li></ul></li></ul>
</div>"""

CORAL = f"""
<div id="coral_thread"><div class="coral coral-stream"><div class="coral coral-comment
coral-reacted-4"
id="comment-3f2a77d1-5b0c-4c55-9e1a-0d7f1b2c3d41" data-author="u1"><div
class="coral-comment-topBar">
<span class="coral coral-username coral-comment-username">Ann</span><time class="coral
coral-timestamp"
datetime="2025-06-03T08:05:00.000Z">a year ago</time></div><div class="coral coral-content
coral-comment-content"><div>{ANN}</div></div><div class="coral-comment-actionBar"><button>Respect
(4)</button>
</div></div><div class="coral-replyList"><div class="coral coral-comment"
id="comment-4f2a77d1-5b0c-4c55-9e1a-0d7f1b2c3d42"><span class="coral coral-username">Bo</span>
<span class="coral-comment-inReplyTo"><a
href="#comment-3f2a77d1-5b0c-4c55-9e1a-0d7f1b2c3d41">Ann</a></span>
<time class="coral-timestamp" datetime="2025-06-03T09:10:00.000Z">a year ago</time>
<div class="coral coral-comment-content"><div>{BO}</div></div></div></div></div></div>"""

DRUPAL_7 = f"""
<div id="comments" class="comment-wrapper"><h2 class="title">Commentaires</h2><a
id="comment-11"></a>
<div class="comment clearfix"><h3><a href="/comment/11#comment-11" class="permalink"
rel="bookmark">Bien
vu</a></h3><div class="submitted">Soumis par <span class="username">Ann</span> le 3 juin 2025 -
8:05</div>
<div class="content"><div class="field field-name-comment-body"><div class="field-items"><div
class="field-item even"><p>{ANN}</p></div></div></div></div><ul class="links inline"><li
class="comment-reply"><a href="#">répondre</a></li></ul></div>
<div class="indented"><a id="comment-12"></a><div class="comment clearfix"><div
class="submitted">Soumis par
<span class="username">Bo</span> le 3 juin 2025 - 9:10</div><div class="content"><div
class="field field-name-comment-body"><p>{BO}</p></div></div></div></div>
<h2 class="title comment-form">Ajouter un commentaire</h2><form
class="comment-form"><label>Nom</label></form>
</div>"""

DRUPAL_8 = f"""
<section class="field field--name-comment"><h2>Commentaires</h2>
<article data-comment-user-id="0" id="comment-11" class="comment js-comment"><footer
class="comment__meta">
<p class="comment__author"><span>Ann</span></p><p class="comment__time">3 juin 2025 - 8:05</p>
<p class="comment__permalink"><a href="/comment/11#comment-11">Permalien</a></p></footer>
<div class="comment__content"><div class="field field--name-comment-body"><p>{ANN}</p></div>
<ul class="links inline"><li><a href="#">Répondre</a></li></ul></div></article>
<div class="indented"><article id="comment-12" class="comment js-comment"><footer
class="comment__meta">
<p class="comment__author"><span>Bo</span></p><p class="comment__time">3 juin 2025 -
9:10</p></footer>
<div class="comment__content"><div class="field
field--name-comment-body"><p>{BO}</p></div></div></article>
</div></section>"""

DISCOURSE_EMBED = f"""
<section class="discourse-comments" id="discourse-comments"><header><a
class="button">Continuer</a></header>
<article class="post" id="post-11"><a class="post-date" href="#" title="June 3, 2025 08:05">3 juin
2025</a>
<div class="author"><a href="/u/ann"><img alt=""></a></div><div class="cooked"><h3 class="username">
<a class="username" href="/u/ann">Ann</a></h3><p>{ANN}</p></div></article>
<article class="post" id="post-12"><a class="post-date" href="#" title="June 3, 2025 09:10">3 juin
2025</a>
<div class="author"><img alt=""></div><div class="cooked"><h3 class="username"><a
class="username">Bo</a></h3>
<a href="#post-11" class="in-reply-to">en réponse à Ann</a><p>{BO}</p></div></article></section>"""

SPIP = f"""
<div id="forum"><h2>Messages</h2><ul class="forum"><li class="forum-fil"><div class="forum-message"
id="forum11"><div class="forum-chapo"><strong class="forum-titre"><a href="#forum11">Bien
vu</a></strong>
<small>3 juin 2025, 08:05, <span class="sep">, </span>par <span
class="forum-auteur">Ann</span></small></div>
<div class="forum-texte"><p>{ANN}</p><p class="repondre"><a href="#">Répondre à ce
message</a></p></div></div>
<ul><li class="forum-fil"><div class="forum-message" id="forum12"><div class="forum-chapo"><small>3
juin 2025,
09:10, par <span class="forum-auteur">Bo</span></small></div><div
class="forum-texte"><p>{BO}</p></div></div>
</li></ul></li></ul></div>"""

SPIP_COMMENTS = f"""
<div class="comments"><h2>2 Messages</h2><ul class="comments-ul comments-items"><li
class="comments-li comment-item item"><div class="comment hreview" id="comment11"><div
class="comment-meta">
<a href="#comment11" class="permalink">#</a> Le <abbr class="dtreviewed"
title="2025-06-03T08:05:00Z">3 juin
2025 à 08:05</abbr>, par <span class="comment-author">Ann</span></div><div class="comment-content">
<p>{ANN}</p></div></div><ul><li class="comments-li comment-item"><div class="comment hreview"
id="comment12">
<div class="comment-meta">Le <abbr class="dtreviewed" title="2025-06-03T09:10:00Z">3 juin 2025 à
09:10</abbr>,
par <span class="comment-author">Bo</span></div><div
class="comment-content"><p>{BO}</p></div></div></li></ul>
</li></ul></div>"""

BLOGGER = f"""
<div class="comments" id="comments"><h4>2 commentaires:</h4><dl class="avatar-comment-indent"
id="comments-block"><dt class="comment-author" id="c11"><a name="c11"></a><a href="#"
rel="nofollow">Ann</a>
a dit...</dt><dd class="comment-body" id="Blog1_cmt-11"><p>{ANN}</p></dd><dd class="comment-footer">
<span class="comment-timestamp"><a href="#" title="comment permalink">3 juin 2025 à
08:05</a></span></dd>
<dt class="comment-author" id="c12"><a href="#">Bo</a> a dit...</dt><dd
class="comment-body"><p>{BO}</p></dd>
<dd class="comment-footer"><span class="comment-timestamp"><a href="#">3 juin 2025 à
09:10</a></span></dd>
</dl></div>"""

BLOGGER_THREADED = f"""
<div class="comments" id="comments"><h3>2 commentaires:</h3><div id="comment-holder"><div
id="bc_0_2T"><div
class="comment-thread"><ol><li class="comment" id="c11"><div
class="avatar-image-container"></div><div
class="comment-block"><div class="comment-header"><cite class="user"><a
rel="nofollow">Ann</a></cite><span
class="icon user"></span><span class="datetime secondary-text"><a rel="nofollow">3 juin 2025 à
08:05</a>
</span></div><p class="comment-content">{ANN}</p><span class="comment-actions secondary-text"><a
class="comment-reply">Répondre</a></span></div><div class="comment-replies"><div
class="comment-thread"><ol>
<li class="comment" id="c12"><div class="comment-block"><div class="comment-header"><cite
class="user">Bo
</cite><span class="datetime"><a>3 juin 2025 à 09:10</a></span></div><p
class="comment-content">{BO}</p></div>
</li></ol></div></div></li></ol></div></div></div></div>"""

TYPEPAD = f"""
<div class="comments" id="comments"><h3 class="comments-header">Comments</h3><div
id="comments-content" class="comments-content"><div class="comment comment-odd"
id="comment-6a0120a55"><div
class="comment-avatar"></div><div class="comment-content"
id="comment-6a0120a55-content"><p>{ANN}</p></div>
<p class="comment-footer">Posted by: <a rel="nofollow">Ann</a> | <a rel="nofollow">June 3, 2025 at
08:05 AM</a>
</p></div><div class="comment" id="comment-6a0120a56"><div class="comment-content"><p>{BO}</p></div>
<p class="comment-footer">Posted by: Bo | <a>June 3, 2025 at 09:10 AM</a></p></div></div></div>"""

TYPEPAD_OLD = f"""
<h2><a id="comments"></a>Comments</h2><div><p>{ANN}</p><p class="posted">Posted by: <a>Ann</a> |
<a>June 3,
2025 08:05 AM</a></p><p>{BO}</p><p class="posted">Posted by: Bo | <a>June 3, 2025 09:10
AM</a></p></div>"""

MOVABLE_TYPE = f"""
<div id="comments" class="comments"><h2 class="comments-header">2 commentaires</h2><div
class="comments-content"><div class="comment" id="comment-11"><div class="inner"><div
class="comment-header">
<div class="asset-meta"><span class="byline"><span class="vcard author"><a
rel="nofollow">Ann</a></span> |
<a href="#comment-11"><abbr class="published" title="2025-06-03T08:05:00+00:00">3 juin
2025</abbr></a></span>
</div></div><div class="comment-content"><p>{ANN}</p></div></div></div><div class="comment"
id="comment-12"><div class="inner"><div class="comment-header"><span class="byline"><span
class="vcard author">Bo</span> en réponse à <a class="comment-in-reply-to"
href="#comment-11">Ann</a> | <abbr
class="published" title="2025-06-03T09:10:00+00:00">3 juin</abbr></span></div><div
class="comment-content">
<p>{BO}</p></div></div></div></div></div>"""

DOTCLEAR = f"""
<div id="comments"><h3>Commentaires</h3><dl><dt id="c11" class="odd first"><a href="#c11"
class="comment-number">1.</a> Le mardi 3 juin 2025, 08:05 par <a rel="nofollow">Ann</a></dt><dd
class="odd
first"><p>{ANN}</p></dd><dt id="c12">2. Le mardi 3 juin 2025, 09:10 par
Bo</dt><dd><p>{BO}</p></dd></dl>
</div><form id="comment-form"><h3>Ajouter un commentaire</h3><p>Le code HTML est affiché comme du
texte.</p>
</form>"""

ISSO = f"""
<section id="isso-thread"><h4 class="isso-thread-heading">2 commentaires</h4><div
id="isso-root"><div
class="isso-comment" id="isso-11"><div class="isso-avatar"></div><div class="isso-text-wrapper"><div
class="isso-comment-header"><span class="isso-author">Ann</span><span class="isso-spacer">•</span><a
class="isso-permalink" href="#isso-11"><time title="Tue Jun 03 2025"
datetime="2025-06-03T08:05:00.000Z">il
y a un an</time></a></div><div class="isso-text"><p>{ANN}</p></div><div
class="isso-comment-footer"><span
class="isso-votes">4</span><a class="isso-reply">Répondre</a></div></div><div
class="isso-follow-up"><div
class="isso-comment" id="isso-12"><div class="isso-text-wrapper"><div
class="isso-comment-header"><span
class="isso-author">Bo</span><time datetime="2025-06-03T09:10:00.000Z">il y a un an</time></div><div
class="isso-text"><p>{BO}</p></div></div></div></div></div></div></section>"""

REMARK = f"""
<div id="remark42"><div class="thread thread_level_0"><article class="comment root__comment"
id="remark42__comment-a1"><div class="comment__body"><div class="comment__info"><button
class="comment__username">Ann</button><a class="comment__time" title="2025-06-03 08:05">3 juin
2025</a>
<span class="comment__score"><span class="comment__score-value">4</span></span></div><div
class="comment__text raw-content"><p>{ANN}</p></div><div
class="comment__actions"><button>Répondre</button>
</div></div></article><div class="thread thread_level_1"><article class="comment"
id="remark42__comment-b2" data-parent="a1"><div class="comment__body"><button
class="comment__username">Bo</button><a class="comment__time" title="2025-06-03 09:10">3
juin</a><div
class="comment__text raw-content"><p>{BO}</p></div></div></article></div></div></div>"""

UTTERANCES = f"""
<div class="utterances"><main class="timeline"><article class="timeline-comment"
data-comment-id="11"><div
class="comment"><header class="comment-header"><span class="comment-meta"><a
class="text-link"><strong>Ann
</strong></a> commented <a class="text-link"><relative-time datetime="2025-06-03T08:05:00Z">a year
ago
</relative-time></a></span></header><div class="markdown-body
markdown-body-scrollable"><p>{ANN}</p></div></div>
</article><article class="timeline-comment" data-comment-id="12"><div class="comment"><header
class="comment-header"><a class="text-link"><strong>Bo</strong></a> commented <relative-time
datetime="2025-06-03T09:10:00Z">a year ago</relative-time></header><div
class="markdown-body"><p>{BO}</p></div>
</div></article></main></div>"""

GISCUS = f"""
<div class="giscus"><div class="gsc-comments"><div class="gsc-timeline"><div
class="gsc-comment"><div
class="gsc-comment-box"><div class="gsc-comment-header"><div class="gsc-comment-author"><a
class="gsc-comment-author-avatar"><span class="link-primary">Ann</span></a><a><time
datetime="2025-06-03T08:05:00Z">3 juin</time></a></div></div><div class="gsc-comment-content
markdown"><p>{ANN}
</p></div><div class="gsc-comment-footer"><button>4</button></div></div><div
class="gsc-replies"><div
class="gsc-reply"><div class="gsc-reply-header"><div class="gsc-reply-author"><span>Bo</span><time
datetime="2025-06-03T09:10:00Z">3 juin</time></div></div><div class="gsc-reply-content
markdown"><p>{BO}</p>
</div></div></div></div></div></div></div>"""

GHOST_THEME = f"""
<section class="gh-comments"><h2>Member discussion</h2><div class="comment" data-id="11"><div
class="comment-author"><span class="name">Ann</span></div><time datetime="2025-06-03T08:05:00Z">a
year ago
</time><div class="comment-content"><p>{ANN}</p></div><div class="comment-replies"><div
class="comment"
data-id="12"><div class="comment-author"><span class="name">Bo</span></div><time
datetime="2025-06-03T09:10:00Z">a year ago</time><div
class="comment-content"><p>{BO}</p></div></div></div></div>
</section>"""

TYPO3 = f"""
<div class="tx-comments-pi1"><div class="tx-comments-list"><div class="tx-comments-comment"><p
class="tx-comments-comment-author">Ann</p><p class="tx-comments-comment-date">03.06.2025
08:05</p><div
class="tx-comments-comment-text">{ANN}</div></div><div class="tx-comments-comment"><p
class="tx-comments-comment-author">Bo</p><p class="tx-comments-comment-date">03.06.2025
09:10</p><div
class="tx-comments-comment-text">{BO}</div></div></div></div>"""

VBULLETIN = f"""
<div id="comments"><h3>Commentaires du forum</h3><ol class="posts"><li class="postbitlegacy
postbitim
postcontainer" id="post_11"><div class="posthead"><span class="postdate"><span
class="date">03.06.2025,&nbsp;
<span class="time">08:05</span></span></span></div><div class="postdetails"><div class="userinfo"><a
class="username offline"><strong>Ann</strong></a></div><div class="postbody"><div
class="content"><div
id="post_message_11"><blockquote class="postcontent
restore">{ANN}</blockquote></div></div></div></div></li><li
class="postbitlegacy postbitim postcontainer" id="post_12"><span class="date">03.06.2025,
09:10</span><a
class="username"><strong>Bo</strong></a><blockquote class="postcontent
restore">{BO}</blockquote></li></ol>
</div>"""

PHPBB = f"""
<h2>Réactions (2)</h2><div class="page-body"><div id="p11" class="post bg2"><div class="inner"><div
class="postbody"><h3 class="first"><a href="#p11">Re: Le pont</a></h3><p class="author">par
<strong><a
class="username">Ann</a></strong> » 3 juin 2025, 08:05</p><div
class="content">{ANN}</div></div></div></div>
<div id="p12" class="post bg1"><div class="inner"><div class="postbody"><p class="author">par
<strong><a
class="username">Bo</a></strong> » 3 juin 2025, 09:10</p><div
class="content">{BO}</div></div></div></div></div>"""

OVERBLOG = f"""
<div class="ob-comments"><div class="ob-comment"><span class="ob-avatar"></span><p
class="ob-info"><span
class="ob-user"><span class="ob-name">Ann</span></span> <span class="ob-date">03/06/2025
08:05</span></p><p
class="ob-message"><span class="ob-text">{ANN}</span></p><p class="ob-reply"><a>Répondre</a></p><div
class="ob-comment-replies"><div class="ob-comment ob-comment-reply"><p class="ob-info"><span
class="ob-name">Bo</span> <span class="ob-date">03/06/2025 09:10</span></p><p
class="ob-message"><span
class="ob-text">{BO}</span></p></div></div></div></div>"""

JCOMMENTS = f"""
<div id="jc"><div id="comments"><h4>Commentaires</h4><div id="comments-list"
class="comments-list"><div
class="even" id="comment-item-11"><div class="rbox"><div class="comment-box"><span
class="comments-vote"><span class="comment-vote vote-good">+4</span></span><a
class="comment-anchor">#1</a>
<span class="comment-author">Ann</span> <span class="comment-date">03.06.2025 08:05</span><div
class="comment-body" id="comment-body-11">{ANN}</div><span
class="comments-buttons"><a>Citer</a></span></div>
</div></div><div class="odd" id="comment-item-12"><div class="rbox"><div class="comment-box"><span
class="comment-author">Bo</span> <span class="comment-date">03.06.2025 09:10</span><div
class="comment-body"
id="comment-body-12">{BO}</div></div></div></div></div></div></div>"""

SERENDIPITY = f"""
<div id="comments" class="serendipity_comments"><h3>Kommentare</h3><article id="c11"
class="serendipity_comment serendipity_comment_author_other"><h4>Ann <span>am</span> <a
href="#c11"><time
datetime="2025-06-03T08:05:00+00:00">3. Juni 2025</time></a></h4><div
class="serendipity_commentBody">{ANN}
</div><footer><a>Antworten</a></footer></article><article id="c12"
class="serendipity_comment"><h4>Bo am <time
datetime="2025-06-03T09:10:00+00:00">3. Juni</time></h4><div
class="serendipity_commentBody">{BO}</div></article>
</div>"""

PLAIN = f"""
<h3>2 commentaires</h3><div class="x1"><div class="x2"><b>Ann</b> <i>3 juin 2025 à
08:05</i><p>{ANN}</p>
<a href="#">Répondre</a> <a href="#">Signaler</a></div><div class="x2"><b>Bo</b> <i>3 juin 2025 à
09:10</i>
<p>{BO}</p><a href="#">Répondre</a></div></div>"""

PLAIN_NEWS = f"""
<section><header><h2>Vos réactions</h2></header><ul><li><p>Par <strong>Ann</strong> | 03/06/2025 à
08:05</p>
<p>{ANN}</p></li><li><p>Par <strong>Bo</strong> | 03/06/2025 à
09:10</p><p>{BO}</p></li></ul></section>"""

THREADED = {
    name: html
    for name, html in globals().items()
    if name in (
        "WORDPRESS_BLOCKS", "WPDISCUZ", "GENESIS", "DISQUS", "DISQUS_IN_WORDPRESS", "CORAL",
        "DRUPAL_7", "DRUPAL_8", "DISCOURSE_EMBED", "SPIP", "SPIP_COMMENTS", "BLOGGER_THREADED",
        "MOVABLE_TYPE", "ISSO", "REMARK", "GISCUS", "GHOST_THEME", "OVERBLOG",
    )
}  # fmt: skip
FLAT = {
    name: html
    for name, html in globals().items()
    if name.isupper() and isinstance(html, str) and "<" in html and name not in THREADED
    and name != "PROSE"
}  # fmt: skip


@pytest.mark.parametrize("name", [*THREADED, *FLAT])
def test_a_thread_is_read_in_the_markup_of(name: str) -> None:
    html = page(f"<article><h1>Le pont</h1>{PROSE}</article>{(THREADED | FLAT)[name]}")
    found = read_discussion(document(html), structured(html), "fr").comments
    assert [(c.author, c.text) for c in found] == [("Ann", ANN), ("Bo", BO)]
    moments = [c.date_created.isoformat()[:16] if c.date_created else None for c in found]
    assert moments == ["2025-06-03T08:05", "2025-06-03T09:10"]
    assert found[1].parent_id == (found[0].comment_id if name in THREADED else None)


@pytest.mark.parametrize("name", [*THREADED, *FLAT])
def test_the_article_is_all_that_is_left_beside_the_markup_of(name: str) -> None:
    html = page(f"<article><h1>Le pont</h1>{PROSE}</article>{(THREADED | FLAT)[name]}")
    tree = document(html)
    elements = read_discussion(tree, structured(html), "fr").elements
    left = " ".join(piece.text for piece in read_pieces(tree.root, elements))
    assert ANN not in left
    assert BO not in left
    assert "Le garde champêtre promet de compter les ânes." in left


VOTED = ("WPDISCUZ", "DISQUS", "ISSO", "REMARK", "JCOMMENTS")


@pytest.mark.parametrize("name", VOTED)
def test_votes_are_counted_in_the_markup_of(name: str) -> None:
    html = page((THREADED | FLAT)[name])
    found = read_discussion(document(html), structured(html), "fr").comments
    assert [c.upvotes for c in found] == [4, None]
