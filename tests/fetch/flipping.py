"""A resolver that tells of one host two addresses in turn (DNS rebinding)."""

from __future__ import annotations

from itertools import cycle
from typing import Final

from twisted.internet.defer import Deferred, succeed

from crawler.fetch.guards import GuardedResolver

HOST: Final = "flipping.example"
ALLOWED: Final = "127.0.0.2"
PRIVATE: Final = "127.0.0.1"


class FlippingResolver(GuardedResolver):
    """Every other time the host is one that must not be reached."""

    _addresses = cycle((ALLOWED, PRIVATE))

    def look_up(self, name: str) -> Deferred[str]:
        return succeed(next(self._addresses)) if name == HOST else super().look_up(name)
