"""Site rules: a module for each site whose pages the general reader cannot get right alone.

A rule is a subclass of `crawler.extract.page.ArticlePage` under `@web_poet.handle_urls`; it states
what is different and nothing else, and has a folder of pages in tests/sites/fixtures/ that a test
reads without being told. Modules here are found by themselves; nothing imports them by name.
"""
