"""What a page's meta tags say to robots about its use; what follows is decided elsewhere."""

from __future__ import annotations

from crawler.extract.structured import Structured
from crawler.items import Rights

# Tags for all robots, and for ours.
_ROBOTS = ("robots", "colporteur")
# No tag of an honest page is longer.
_MAX_CHARS = 500


def read_rights(structured: Structured) -> Rights:
    """The robots directives and the TDM reservation of a page, as they stand in it."""
    robots = [said for name in _ROBOTS for said in structured.meta.get(name, ())]
    reserved = structured.first_meta("tdm-reservation")
    policy = structured.first_meta("tdm-policy")
    return Rights(
        meta_robots=", ".join(robots)[:_MAX_CHARS] or None,
        tdm_reservation=" ".join(filter(None, (reserved, policy)))[:_MAX_CHARS]
        if reserved in ("0", "1")
        else None,
    )
