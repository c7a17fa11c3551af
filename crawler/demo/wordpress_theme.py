"""The WordPress-like site's pages: the article with all that a theme puts around it, and listings.

The markup of comments, classes and head links is what WordPress core writes; the rest is a theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from crawler.demo.markup import blocks_html, french_date, links, render, slugify
from crawler.demo.texts import Story
from crawler.items import Comment

NAME = "Le Colporteur"


class Theme:
    """Renders pages of the site whose address is `base`, without a slash at the end."""

    def __init__(self, base: str, stories: Sequence[Story], post_ids: Mapping[str, int]) -> None:
        self._base = base
        self._stories = stories
        self._post_ids = post_ids
        newest = [(self.url(story), story.title) for story in stories[-5:]]
        self._recent = "<li>" + links(newest, "</li>\n<li>") + "</li>"

    def url(self, story: Story) -> str:
        """The permalink, in the manner of `/%postname%/`."""
        return f"{self._base}/{story.slug}/"

    def page(self, title: str, main: str, *, body_class: str, head: str = "") -> bytes:
        """A whole page around `main`."""
        return render(
            "colporteur/frame",
            base=self._base,
            title=f"{escape(title)} – {NAME}",
            head=head,
            body_class=body_class,
            main=main,
            recent=self._recent,
        ).encode()

    def listing(
        self, title: str, stories: Iterable[Story], *, pagination: str, head: str, extra: str
    ) -> bytes:
        """A page of teasers: home, category, tag or author. `extra` is HTML after them."""
        teasers = "\n".join(self._teaser(story) for story in stories)
        main = render(
            "colporteur/listing",
            heading=escape(title),
            teasers=teasers,
            pagination=pagination,
            extra=extra,
        )
        return self.page(title, main, body_class="archive", head=head)

    def _teaser(self, story: Story) -> str:
        count = len(story.comments)
        return render(
            "colporteur/teaser",
            url=self.url(story),
            title=escape(story.title),
            iso=story.published.isoformat(),
            date=french_date(story.published),
            authors=escape(", ".join(story.authors)),
            comment_count=f"{count} commentaire{'s' if count > 1 else ''}",
            chapo=escape(story.chapo),
        )

    def article(self, story: Story) -> bytes:
        """A story's page: chapô, body, price widget, follow line, app box, comments and form."""
        url, post_id = self.url(story), self._post_ids[story.slug]
        updated = ""
        if story.modified > story.published:
            iso, date = story.modified.isoformat(), french_date(story.modified)
            updated = f', mis à jour le <time class="updated" datetime="{iso}">{date}</time>'
        main = render(
            "colporteur/article",
            base=self._base,
            post_id=post_id,
            url=url,
            headline=escape(story.title),
            chapo=escape(story.chapo),
            authors=links(self._term_links("author", story.authors)),
            author_names=escape(", ".join(story.authors)),
            published=french_date(story.published),
            published_iso=story.published.isoformat(),
            updated=updated,
            image=f"{self._base}/images/{story.slug}.svg",
            content=self._content(story),
            product=self._product(story),
            app=self._app(story),
            category=links(self._term_links("category", [story.section])),
            tags=links(self._term_links("tag", story.tags)),
            related="\n".join(
                f"<li>{links([(self.url(other), other.title)])}</li>"
                for other in self._related(story)
            ),
            comments=self._comments(story),
        )
        return self.page(
            story.title, main, body_class=f"single postid-{post_id}", head=self._head(story)
        )

    def amp(self, story: Story) -> bytes:
        """The story's AMP twin, which names the page above as canonical."""
        return render(
            "colporteur/amp",
            base=self._base,
            url=self.url(story),
            headline=escape(story.title),
            chapo=escape(story.chapo),
            published_iso=story.published.isoformat(),
            content=blocks_html(story.blocks),
        ).encode()

    def _head(self, story: Story) -> str:
        url = self.url(story)
        properties = [
            ("og:locale", "fr_FR"),
            ("og:type", "article"),
            ("og:title", story.title),
            ("og:description", story.chapo),
            ("og:url", url),
            ("og:site_name", NAME),
            ("og:image", f"{self._base}/images/{story.slug}.svg"),
            ("article:published_time", story.published.isoformat()),
            ("article:modified_time", story.modified.isoformat()),
            ("article:section", story.section),
            *(("article:tag", tag) for tag in story.tags),
        ]
        api = f"{self._base}/wp-json/wp/v2/posts/{self._post_ids[story.slug]}"
        comments = (
            f'<link rel="alternate" type="application/rss+xml" href="{url}feed/" '
            f'title="{NAME} » {escape(story.title)} Flux des commentaires">'
        )
        return "\n".join(
            [
                f'<link rel="canonical" href="{url}">',
                f'<link rel="amphtml" href="{url}amp/">',
                f'<meta name="description" content="{escape(story.chapo)}">',
                f'<meta name="author" content="{escape(", ".join(story.authors))}">',
                *(
                    f'<meta property="{name}" content="{escape(value)}">'
                    for name, value in properties
                ),
                *([comments] if story.comments else []),
                f'<link rel="alternate" type="application/json" href="{api}">',
            ]
        )

    def _content(self, story: Story) -> str:
        """The body, with a "read also" line in the middle of the longer ones."""
        middle = len(story.blocks) // 2
        if middle < 3:
            return blocks_html(story.blocks)
        other = self._related(story)[0]
        read_also = (
            f'<p class="read-also">👉 À lire aussi : {links([(self.url(other), other.title)])}</p>'
        )
        halves = (story.blocks[:middle], story.blocks[middle:])
        return f"\n{read_also}\n".join(map(blocks_html, halves))

    def _related(self, story: Story) -> list[Story]:
        alike = [other for other in self._stories if other.section == story.section]
        return [other for other in alike if other.slug != story.slug][-3:]

    def _product(self, story: Story) -> str:
        if not story.product:
            return ""
        name, price = escape(story.product.name), escape(story.product.price)
        return render("colporteur/product_widget", name=name, price=price)

    def _app(self, story: Story) -> str:
        if not story.app:
            return ""
        app = story.app
        return render(
            "colporteur/app_box",
            base=self._base,
            name=escape(app.name),
            maker=escape(app.maker),
            rating=app.rating,
            votes=app.votes,
        )

    def _term_links(self, kind: str, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(f"{self._base}/{kind}/{slugify(name)}/", name) for name in names]

    def _comments(self, story: Story) -> str:
        count = len(story.comments)
        if not count:
            return ""
        title = f"{count} commentaire{'s' if count > 1 else ''}"
        threads = self._thread(story, None, 1)
        return (
            f'<h2 class="comments-title">{title}</h2>\n<ol class="comment-list">\n{threads}\n</ol>'
        )

    def _thread(self, story: Story, parent_id: str | None, depth: int) -> str:
        children = [comment for comment in story.comments if comment.parent_id == parent_id]
        return "\n".join(self._comment(story, comment, depth) for comment in children)

    def _comment(self, story: Story, comment: Comment, depth: int) -> str:
        assert comment.date_created
        replies = self._thread(story, comment.comment_id, depth + 1)
        return render(
            "colporteur/comment",
            base=self._base,
            url=self.url(story),
            id=comment.comment_id,
            parity="odd alt" if comment.position % 2 else "even",
            depth=depth,
            author=escape(comment.author or ""),
            iso=comment.date_created.isoformat(),
            date=french_date(comment.date_created),
            text=escape(comment.text, quote=False),
            children=f'<ol class="children">\n{replies}\n</ol>' if replies else "",
        )
