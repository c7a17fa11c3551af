from __future__ import annotations

import sys

from crawler import settings
from crawler.fetch import early


def test_what_is_loaded_early_are_the_handlers_that_the_settings_name() -> None:
    early.load()
    handlers = {path.rpartition(".")[0] for path in settings.DOWNLOAD_HANDLERS.values()}
    assert handlers <= set(early._MODULES) <= set(sys.modules)
