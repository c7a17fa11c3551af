"""The list of public suffixes that comes with tldextract, and nothing of what would fetch another.

For that it loads requests and urllib3, a tenth of what a worker takes to start.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import NoReturn


class _Session:
    """What tldextract opens, also where it has nothing to ask."""

    def mount(self, prefix: str, adapter: object) -> None:
        """Nothing is asked, whatever the scheme."""

    def get(self, url: str, timeout: float | None = None) -> NoReturn:
        """Raises: OSError, after which the list that is there does."""
        raise OSError(f"{url} is not asked for")

    def close(self) -> None:
        """Nothing is open."""


_STANDING_IN: dict[str, dict[str, object]] = {
    "requests": {"Session": _Session, "exceptions": SimpleNamespace(RequestException=OSError)},
    "requests_file": {"FileAdapter": object},
}


@contextmanager
def _apart() -> Iterator[None]:
    """Have modules that stand in for those that are not loaded meanwhile, unless they are."""
    ours = {name: has for name, has in _STANDING_IN.items() if name not in sys.modules}
    for name, has in ours.items():
        module = ModuleType(name)
        vars(module).update(has)
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in ours:
            del sys.modules[name]


with _apart():
    from tldextract import TLDExtract

# One for all: to read the list takes 25 ms.
SUFFIXES = TLDExtract(cache_dir=None, suffix_list_urls=())


def below_suffix(host: str) -> str:
    """What was registered of a host name in ASCII; the name itself where it has no public suffix.

    Private suffixes count: two blogs on one hosting domain are two sites. So do two names below
    `localhost`, which is reserved like a top-level domain (RFC 6761, 6.3) and in no list.
    """
    labels = host.split(".")
    if labels[-1] == "localhost":
        return ".".join(labels[-2:])
    found = SUFFIXES.extract_str(host, include_psl_private_domains=True)
    return found.top_domain_under_public_suffix or host
