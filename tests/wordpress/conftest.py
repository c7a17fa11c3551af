"""One WordPress for all tests of the session; each test finds it with all its parts on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wordpress.packages import install, may_install, missing_packages
from tests.wordpress.site import WordPressSite


@pytest.fixture(scope="session")
def running_site() -> Iterator[WordPressSite]:
    missing = missing_packages()
    if missing and not may_install():
        pytest.skip(f"needs Debian's packages {' '.join(missing)}")
    if missing:
        install(missing)
    with WordPressSite() as site:
        yield site


@pytest.fixture
def site(running_site: WordPressSite) -> WordPressSite:
    running_site.switch(rest_api=True, sitemaps=True)
    running_site.reset_requests()
    return running_site
