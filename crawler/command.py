"""What the project's own `scrapy …` commands share: how they end.

A command raises a `ColporteurError` wherever it cannot go on; here, and only here, that becomes one
line on stderr and the exit code that a scheduler reads.
"""

from __future__ import annotations

import argparse
import sys
from abc import abstractmethod

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from crawler.errors import ColporteurError, ConfigurationError


class ColporteurCommand(ScrapyCommand):
    """A project command: subclasses write `execute`, and raise when they cannot."""

    requires_project = True
    requires_crawler_process = False

    @property
    def project_settings(self) -> Settings:
        """The settings after the command line was read."""
        assert self.settings is not None
        return self.settings

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the command; a `ColporteurError` ends it with its sentence and its exit code."""
        try:
            self.execute(args, opts)
        except ColporteurError as error:
            self.fail(error)

    def fail(self, error: ColporteurError) -> None:
        """Say on stderr what went wrong, and leave with the error's exit code."""
        print(f"scrapy {type(self).__module__.rpartition('.')[2]}: {error}", file=sys.stderr)
        self.exitcode = int(error.exit_code)

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work. Raises: ColporteurError."""


def one_of(args: list[str], choices: tuple[str, ...]) -> str:
    """Take the subcommand off `args`. Raises: ConfigurationError naming the choices."""
    if not args or args[0] not in choices:
        said = f'"{args[0]}" is none of them' if args else "none was given"
        raise ConfigurationError(f"say one of {', '.join(choices)}; {said}.")
    return args.pop(0)
