"""Which pages of archives are wanted: of some days, of some sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from crawler.archive.reader import Page
from crawler.errors import ConfigurationError

_DATE_LENGTH = len("2026-11-28")


@dataclass(frozen=True, slots=True)
class Selection:
    """Pages that were fetched from `since` on and before `until`, on hosts below `domains`."""

    since: datetime | None = None
    until: datetime | None = None
    domains: tuple[str, ...] = ()

    @classmethod
    def of(cls, since: str | None, until: str | None, domains: Sequence[str]) -> Self:
        """As a person gives it: a date is a day (UTC), the last one whole.

        Raises: ConfigurationError.
        """
        last = _moment("--until", until)
        if last is not None and until is not None and len(until.strip()) <= _DATE_LENGTH:
            last += timedelta(days=1)
        first = _moment("--since", since)
        if first and last and first >= last:
            raise ConfigurationError(f"--since {since} is not before --until {until}.")
        hosts = {domain.strip().lower().strip(".") for domain in domains}
        if wrong := [host for host in hosts if not host or "/" in host or ":" in host]:
            raise ConfigurationError(f'--domain takes names such as example.org, not "{wrong[0]}".')
        return cls(first, last, tuple(sorted(hosts)))

    def takes(self, page: Page) -> bool:
        """Whether a page is wanted."""
        if (self.since and page.date < self.since) or (self.until and page.date >= self.until):
            return False
        return not self.domains or self._is_of_domains(page.url)

    def _is_of_domains(self, url: str) -> bool:
        try:
            host = f".{urlsplit(url).hostname or ''}"
        except ValueError:
            return False
        return any(host.endswith(f".{domain}") for domain in self.domains)

    def __str__(self) -> str:
        """The same for the same selection; empty for all pages."""
        said = [f"{self.since.isoformat()}.." if self.since else ""]
        said += [f"..{self.until.isoformat()}" if self.until else "", ",".join(self.domains)]
        return " ".join(filter(None, said))


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ConfigurationError(
            f'{option} takes a date (2026-11-28) or a time (2026-11-28T06:00), not "{text}".'
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
