"""An S3 server on loopback, a process of its own, with an empty bucket for each test."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from socket import create_connection
from typing import Any

import pyarrow.dataset
import pytest
from pyarrow.fs import FileSelector, FileSystem, FileType

from tests.conftest import free_port
from tests.crawls import ENVIRONMENT, Crawl, crawl
from tests.markup import stories
from tests.newspaper import newspaper
from tests.server import Site

STORIES = 4
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, and how a process finds it."""

    name: str
    env: dict[str, str]

    @property
    def uri(self) -> str:
        """What DATA_DIR is."""
        return f"s3://{self.name}/news"

    @property
    def files(self) -> FileSystem:
        """The server as pyarrow sees it."""
        return FileSystem.from_uri(f"s3://{self.name}")[0]

    def names(self, below: str = "") -> list[str]:
        """All objects below the prefix."""
        root = f"{self.name}/news/"
        found = self.files.get_file_info(
            FileSelector(root + below, recursive=True, allow_not_found=True)
        )
        return sorted(info.path.removeprefix(root) for info in found if info.type == FileType.File)

    def take(self, other: Bucket) -> None:
        """Have what another has."""
        for name in other.names():
            self.files.copy_file(f"{other.name}/news/{name}", f"{self.name}/news/{name}")

    def fetch(self, folder: Path) -> Path:
        """All objects as files below a folder."""
        for name in self.names():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(name))
        return folder

    def rows(self, table: str = "articles") -> list[dict[str, Any]]:
        """What a reader finds who looks up the latest snapshot and takes all that lies there."""
        latest = f"{self.name}/news/{json.loads(self.read('latest.json'))['path']}"
        dataset = pyarrow.dataset.dataset(
            f"{latest}/{table}", format="parquet", partitioning="hive", filesystem=self.files
        )
        found: list[dict[str, Any]] = dataset.to_table().to_pylist()
        return found

    def read(self, name: str) -> bytes:
        """An object."""
        with self.files.open_input_stream(f"{self.name}/news/{name}", compression=None) as stream:
            content: bytes = stream.read()
        return content


class S3Server:
    """moto, which knows what S3 answers; it forgets all when it ends."""

    def __init__(self) -> None:
        self.port = free_port()
        self.env = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "reader",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            assert self._process.poll() is None, "the S3 server ended: somebody took its port"
            try:
                create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the S3 server does not come up")

    def bucket(self) -> Bucket:
        """A new one."""
        name = f"bucket{next(_numbers)}"
        self.create(name)
        return Bucket(name, ENVIRONMENT | self.env)

    def create(self, name: str) -> None:
        """Make a bucket of that name."""
        FileSystem.from_uri("s3://any?allow_bucket_creation=true")[0].create_dir(name)

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """One for all tests, that this process finds too."""
    if not (find_spec("moto") and find_spec("flask")):
        pytest.skip('needs the extra "store"')
    server = S3Server()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.env.items():
            patch.setenv(name, value)
        yield server
    server.close()


@pytest.fixture
def bucket(s3_server: S3Server) -> Bucket:
    """An empty one."""
    return s3_server.bucket()


def where(bucket: Bucket, local: Path) -> tuple[str, ...]:
    """The settings of a command that publishes."""
    return ("-s", f"DATA_DIR={bucket.uri}", "-s", f"LOCAL_DIR={local}")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A feed of stories."""
    with newspaper(stories(STORIES)) as site:
        yield site


def crawl_into(bucket: Bucket, local: Path, site: Site, *words: str, **env: str) -> Crawl:
    """A run that publishes."""
    options = (*where(bucket, local), "-s", "ARCHIVE_ENABLED=1", "-a", f"url={site.url}")
    return crawl(local, *options, *words, env=bucket.env | env)


@dataclass(frozen=True, slots=True)
class Published:
    """A run that went well."""

    bucket: Bucket
    local: Path
    run: Crawl

    def where(self) -> tuple[str, ...]:
        """How a command is told of it."""
        return where(self.bucket, self.local)


@pytest.fixture(scope="session")
def done(s3_server: S3Server, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """One for all tests that only look."""
    bucket, local = s3_server.bucket(), tmp_path_factory.mktemp("published") / "data"
    return Published(bucket, local, crawl_into(bucket, local, site))


@pytest.fixture
def another(done: Published, s3_server: S3Server, tmp_path: Path) -> Published:
    """The same once more, to do something with."""
    bucket, local = s3_server.bucket(), tmp_path / "data"
    bucket.take(done.bucket)
    shutil.copytree(done.local, local, symlinks=True)
    return Published(bucket, local, done.run)
