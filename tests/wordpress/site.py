"""A real WordPress with posts and comments on loopback, in a folder of its own.

For tests, `with WordPressSite() as site:`. To look at it with a browser, until Ctrl-C:

    python -m tests.wordpress.site --port 8080

MariaDB listens on a unix socket only, PHP's own server serves the pages, the programs are Debian's
(`tests.wordpress.packages`), and the site asks nothing of the network.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
from contextlib import ExitStack, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.wordpress.content import Draft, Newsroom
from tests.wordpress.packages import WORDPRESS, install, missing_packages, program
from tests.wordpress.posts import Post, parse_posts
from tests.wordpress.scratch import Scratch

POSTS = 300

_PHP = Path(__file__).parent / "php"
# A database that is thrown away need not survive a power cut.
_MARIADB_OPTIONS = (
    "--skip-networking",
    "--skip-grant-tables",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
)


class WordPressSite:
    """A WordPress at `url`, from entering the context to leaving it.

    On entering, RuntimeError tells that a server did not start or that a program failed.
    """

    url: str

    def __init__(self, port: int = 0) -> None:
        self._port = _free_port(port)
        self._newsroom = Newsroom()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._scratch = stack.enter_context(Scratch())
            self._root = self._scratch.folder / "wordpress"
            self._request_log = self._scratch.folder / "requests.log"
            self.url = f"http://127.0.0.1:{self._port}/"
            self._lay_out_files()
            self._start_database()
            self._php("install.php", self.url.rstrip("/"))
            self._publish(self._newsroom.archive(POSTS))
            self._start_web_server()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def switch(self, *, rest_api: bool, sitemaps: bool) -> None:
        """Turn parts of WordPress on or off, from the next request on. Feeds are always there."""
        switches = self._scratch.folder / "switches.json"
        new = switches.with_suffix(".new")
        new.write_text(json.dumps({"rest_api": rest_api, "sitemaps": sitemaps}))
        new.replace(switches)

    def posts(self) -> list[Post]:
        """Return the posts that readers can see, oldest first, from the database."""
        return parse_posts(self._php("posts.php"))

    def add_posts(self, count: int) -> None:
        """Publish posts now, with comments."""
        self._publish(self._newsroom.breaking_news(count, datetime.now(UTC)))

    def edit_post(self, url: str, body: str) -> None:
        """Give a post another body (HTML); its date of modification becomes now."""
        self._php("edit.php", url, stdin=body)

    def delete_post(self, url: str) -> None:
        """Take a post and its comments away for good: its address answers 404."""
        self._php("delete.php", url)

    def edit_headline(self, url: str, headline: str) -> None:
        """Give a post another headline."""
        self._php("headline.php", url, headline)

    def edit_sidebar(self, url: str, text: str) -> None:
        """Show something else beside a post; its date of modification becomes now all the same."""
        self._php("sidebar.php", url, text)

    def trash_post(self, url: str) -> None:
        """Put a post into the bin; its address leads to the home page."""
        self._php("trash.php", url)

    def add_comment(self, url: str, author: str, text: str) -> None:
        """Write a comment under a post, now."""
        self._php("comment.php", url, author, text)

    def requests(self) -> list[str]:
        """Return what was asked for since the last reset, one `GET /feed/` a request."""
        return self._request_log.read_text().splitlines()

    def reset_requests(self) -> None:
        """Forget the requests so far."""
        self._request_log.write_text("")

    def log(self) -> str:
        """Return what MariaDB and PHP have printed since they were started."""
        return self._scratch.log()

    def _lay_out_files(self) -> None:
        # A copy: WordPress looks for wp-config.php beside the real path of its own files.
        skip = shutil.ignore_patterns("wp-config.php", ".htaccess")
        shutil.copytree(WORDPRESS, self._root, ignore=skip)
        shutil.copy(_PHP / "wp-config.php", self._root)
        plugins = self._root / "wp-content/mu-plugins"
        plugins.mkdir()
        for plugin in ("switches.php", "beside.php"):
            shutil.copy(_PHP / plugin, plugins)
        self.switch(rest_api=True, sitemaps=True)
        self.reset_requests()

    def _start_database(self) -> None:
        folder = self._scratch.folder
        data, mariadb_socket = folder / "database", folder / "mariadb.sock"
        # MariaDB runs as root only when told so by name.
        as_user = ["--user=root"] if os.geteuid() == 0 else []
        common = ["--no-defaults", f"--datadir={data}", *as_user]
        create = [program("mariadb-install-db"), *common, "--skip-test-db"]
        _run([*create, "--auth-root-authentication-method=normal"], folder)
        self._scratch.start(
            [program("mariadbd"), *common, f"--socket={mariadb_socket}", *_MARIADB_OPTIONS],
            cwd=folder,
            is_up=lambda: _accepts(mariadb_socket),
        )
        client = [program("mariadb"), "--no-defaults", f"--socket={mariadb_socket}"]
        _run([*client, "-e", "CREATE DATABASE wordpress CHARACTER SET utf8mb4"], folder)

    def _start_web_server(self) -> None:
        address = ("127.0.0.1", self._port)
        server = [program("php"), "-S", f"127.0.0.1:{self._port}", "-t", str(self._root)]
        self._scratch.start(
            ["env", "PHP_CLI_SERVER_WORKERS=4", *server, str(_PHP / "router.php")],
            cwd=self._root,
            is_up=lambda: _accepts(address),
        )

    def _publish(self, drafts: list[Draft]) -> None:
        self._php("publish.php", stdin=json.dumps([asdict(draft) for draft in drafts]))

    def _php(self, script: str, *arguments: str, stdin: str = "") -> str:
        command = [program("php"), "-d", "display_errors=stderr", str(_PHP / script), *arguments]
        return _run(command, self._root, stdin)


def _run(command: list[str], cwd: Path, stdin: str = "") -> str:
    """Return what the program prints; RuntimeError if it fails."""
    done = subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _accepts(address: Path | tuple[str, int]) -> bool:
    family = socket.AF_UNIX if isinstance(address, Path) else socket.AF_INET
    with socket.socket(family) as probe:
        return probe.connect_ex(str(address) if isinstance(address, Path) else address) == 0


def _free_port(wanted: int) -> int:
    """Return the port, or any free one for 0; OSError if somebody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", wanted))
        port: int = probe.getsockname()[1]
        return port


def _main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.wordpress.site", description="A WordPress to look at, until Ctrl-C."
    )
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--install", action="store_true", help="install the packages (as root)")
    arguments = parser.parse_args()
    missing = missing_packages()
    if missing and not arguments.install:
        parser.exit(2, f"These packages are missing (--install): {' '.join(missing)}\n")
    if missing:
        install(missing)
    with WordPressSite(arguments.port) as site, suppress(KeyboardInterrupt):
        print(site.url, flush=True)
        signal.pause()


if __name__ == "__main__":
    _main()
