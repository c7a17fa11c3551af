from __future__ import annotations

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from crawler.spiders.check import CheckSpider


def test_no_spider_of_the_project_is_called_check() -> None:
    """`scrapy crawl check` would open the data folder for nothing."""
    assert "check" not in SpiderLoader.from_settings(get_project_settings()).list()


def test_neither_extension_nor_pipeline_of_a_run_is_switched_on() -> None:
    settings = get_project_settings()
    CheckSpider.update_settings(settings)
    assert not settings.getwithbase("ITEM_PIPELINES")
    assert not any(str(name).startswith("crawler.") for name in settings.getwithbase("EXTENSIONS"))
    assert settings["DOWNLOADER_MIDDLEWARES"] == get_project_settings()["DOWNLOADER_MIDDLEWARES"]
