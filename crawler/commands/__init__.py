"""The project's `scrapy …` commands, a module each (COMMANDS_MODULE)."""
