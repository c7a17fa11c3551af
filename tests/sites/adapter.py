"""How web-poet's fixtures see an `Article`: what extraction takes from a page, as JSON holds it."""

from __future__ import annotations

from typing import Any

from itemadapter import ItemAdapter

from crawler.saved_pages import as_json


class ExtractedAdapter(ItemAdapter):
    """Named in each fixture's meta.json."""

    def asdict(self) -> dict[str, Any]:
        """Return the fields a fixture's output.json lists; the extractor's version is not one."""
        extracted: dict[str, Any] = as_json(self.item)
        del extracted["extractor"]
        return extracted
