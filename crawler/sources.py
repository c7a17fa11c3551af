"""Who is crawled: a `Source`, and the TOML file that lists them.

A mistake in the file is told before the first request, with its file, line, source and cure.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from shutil import copymode
from urllib.parse import urljoin, urlsplit

from crawler.discovery.urls import identity_url, same_site
from crawler.errors import ConfigurationError, SourcesError
from crawler.source_values import READERS, Mistake, http_url
from crawler.toml_lines import line_of, syntax_mistake

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_BARE_NAME = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A site to collect. A name and an address are enough; what else is known saves requests.

    What is not given of `feeds`, `sitemaps`, `wordpress` and `listings` is looked for on the site.
    The file's keys are these fields; the name is that of the table.
    """

    name: str
    """Lower case letters, digits, `.`, `-` and `_`: the value of the column `source`."""
    url: str
    """Home page of the site, or of the part of it that is wanted."""
    language: str | None = None
    """BCP 47 tag of the language that the site is mostly written in."""
    enabled: bool = True
    """Whether a run without `-a source=` takes it."""
    feeds: tuple[str, ...] = ()
    """RSS, Atom and JSON feeds."""
    sitemaps: tuple[str, ...] = ()
    """Sitemaps and sitemap indexes."""
    wordpress: str | None = None
    """Root of the WordPress REST API, usually the home page followed by `wp-json/`."""
    listings: tuple[str, ...] = ()
    """Pages that link to the newest articles, such as sections."""
    allowed_domains: tuple[str, ...] = ()
    """Other hosts whose articles this source's feeds may list."""
    delay: float | None = None
    """Seconds between two requests to a host; None: the setting of the project."""
    concurrency: int | None = None
    """Requests to a host at the same time; None: the setting of the project."""
    requests: int | None = None
    """Requests of one run, beyond which it is the next run's turn; None: the project's setting."""
    every: str | None = None
    """The time from one visit to the next, `6h`; None: as often as it has something to tell."""
    javascript: bool = False
    """Whether its pages are empty until their scripts have run in a browser (extra `browser`)."""

    def owns(self, url: str) -> bool:
        """Whether a URL is on the source's own site or on a host that it declares."""
        return same_site(self.url, url) or any(
            same_site(f"https://{domain}/", url) for domain in self.allowed_domains
        )


def read_sources(path: Path) -> tuple[Source, ...]:
    """All sources of a file, disabled ones too, in its order. Raises: SourcesError."""
    return parse_sources(_read(path), str(path))


def parse_sources(text: str, file: str) -> tuple[Source, ...]:
    """All sources of TOML text; `file` is only for the errors. Raises: SourcesError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        broken = syntax_mistake(text, error)
        raise SourcesError(file, broken.line, broken.table, broken.message) from None
    sources: dict[str, Source] = {}
    for name, table in tables.items():
        try:
            source = _source(name, table)
            same = sources.setdefault(identity_url(source.url), source)
            if same is not source:
                raise Mistake(f'is that of source "{same.name}" too; keep one', source.url, "url")
        except Mistake as mistake:
            path = (name, mistake.key) if mistake.key else (name,)
            line = line_of(text, path, mistake.got)
            raise SourcesError(file, line, name, str(mistake)) from None
    return tuple(sources.values())


def select_sources(
    sources: Sequence[Source], names: Sequence[str], file: str
) -> tuple[Source, ...]:
    """The sources of these names, in their order; all enabled ones if no name is given.

    Raises: ConfigurationError for a name that is not in `file`.
    """
    if not names:
        return tuple(source for source in sources if source.enabled)
    known = {source.name: source for source in sources}
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f'did you mean "{close[0]}"?' if close else "`scrapy sources list` shows all."
            raise ConfigurationError(f'no source is named "{name}" in {file}; {hint}')
    return tuple(known[name] for name in dict.fromkeys(names))


def source_from_url(url: str) -> Source:
    """A source for a site that is in no file, named after its host. Raises: ConfigurationError."""
    try:
        home = http_url(url.strip()).partition("#")[0]
    except Mistake as mistake:
        raise ConfigurationError(f"the address {mistake}") from None
    return Source(name=host_name(home), url=home if urlsplit(home).path else urljoin(home, "/"))


def slug(text: str) -> str:
    """The nearest allowed name of a source: `L’Écho du soir` becomes `l-echo-du-soir`."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "-")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9._]+", "-", plain.lower()).strip("-._")


def host_name(url: str) -> str:
    """The name that a site's host gives: `presse-citron.net` for `https://www.presse-citron.net/`."""
    host = urlsplit(identity_url(url)).hostname or ""
    return host.replace(":", "-").strip("-_")


def home_of(url: str) -> str:
    """The identity of the home page of a URL's host: two sources with one home are one site."""
    return identity_url(urljoin(url, "/"))


def entry(source: Source) -> str:
    """The source as TOML, without what is as by default. `parse_sources` gives it back."""
    bare = _BARE_NAME.fullmatch(source.name)
    lines = [f"[{source.name if bare else _toml(source.name)}]"]
    for field in fields(Source):
        value = getattr(source, field.name)
        if field.name != "name" and value != field.default:
            lines.append(f"{field.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def append_sources(path: Path, sources: Sequence[Source]) -> None:
    """Add sources to the end of a file, which keeps all it has, comments too.

    Raises: SourcesError, with the file unchanged, if it could then not be read or not be written.
    """
    text = _read(path)
    if text and not text.endswith("\n"):
        text += "\n"
    for source in sources:
        text += ("\n" if text else "") + entry(source)
    parse_sources(text, str(path))
    whole = path.resolve()
    new = whole.with_name(f"{whole.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="")
        copymode(whole, new)
        new.replace(whole)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise SourcesError(str(path), None, None, f"cannot be written: {error.strerror}") from None


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        cure = "there is no such file; create it, or name another one with -s SOURCES=FILE"
        raise SourcesError(str(path), None, None, cure) from None
    except OSError as error:
        raise SourcesError(str(path), None, None, f"cannot be read: {error.strerror}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "the file is not in UTF-8; save it in that encoding"
        raise SourcesError(str(path), line, None, message) from None


def _source(name: str, table: object) -> Source:
    if not isinstance(table, dict):
        raise Mistake("is no table; a source is a line such as [example] with its keys below")
    if not _NAME.fullmatch(name):
        allowed = "lower case letters, digits, dots, hyphens and underscores"
        raise Mistake(f"a name is made of {allowed}; write [{slug(name) or 'name'}]")
    values = {}
    for key, value in table.items():
        try:
            if key not in READERS:
                raise Mistake(_unknown_key(name, key, value))
            values[key] = READERS[key](value)
        except Mistake as mistake:
            raise Mistake(mistake.message, mistake.got, key) from None
    if "url" not in values:
        raise Mistake('has no url; add a line such as url = "https://www.example.org/"')
    return Source(name=name, **values)


def _unknown_key(name: str, key: str, value: object) -> str:
    if isinstance(value, dict):
        dotted = f"{name}.{key}"
        while len(value) == 1 and isinstance(inner := next(iter(value.values())), dict):
            dotted, value = f"{dotted}.{next(iter(value))}", inner
        return f'is a table within a table; a name with a dot needs quotes: write ["{dotted}"]'
    close = get_close_matches(key, READERS, n=1)
    cure = f"did you mean '{close[0]}'?" if close else f"the keys are {', '.join(READERS)}"
    return f"is no key of a source; {cure}"


def _toml(value: object) -> str:
    """TOML's strings, numbers, booleans and lists are JSON's, but for the character DEL."""
    if isinstance(value, tuple) and len(value) > 1:
        return "[\n" + "".join(f"  {_toml(element)},\n" for element in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
