"""The engine: Ray, that of `RAY_ADDRESS` or one of this machine alone.

Nothing here is imported before it is asked for: without the extra all else works.
"""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from crawler.errors import ColporteurError, ConfigurationError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# A step that fails with its worker is begun again so many times. What it reads lies on the disk.
ATTEMPTS: Final = 3
# What a Ray of this machine alone may hold in shared memory; beyond that it writes to the disk.
_OBJECT_STORE_BYTES: Final = 512 * 2**20

# What is said of a file that a URI names: what is brought here is on one machine only.
UNMOUNTED: Final = (
    "--engine ray reads files that all its machines see in the same place: mount the store."
)

# Ray writes a token into the home folder, and both report home, unless they are told not to.
_QUIET: Final = {
    "RAY_AUTH_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
    "DAFT_ANALYTICS_ENABLED": "0",
    "DAFT_PROGRESS_BAR": "0",
}


def add_engine_option(parser: argparse.ArgumentParser) -> None:
    """`--engine ray`, for the commands that have it."""
    parser.add_argument(
        "--engine",
        choices=["ray"],
        help="spread over the Ray cluster at RAY_ADDRESS, or over a Ray of this machine alone",
    )


@contextmanager
def ray_engine() -> Iterator[None]:
    """Ray is there. Raises: ConfigurationError."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import ray  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            f'--engine ray needs the extra "cluster" ({error}); say: '
            'pip install "colporteur[cluster]".'
        ) from None
    address = os.environ.get("RAY_ADDRESS")
    alone: dict[str, Any] = {
        "num_cpus": os.cpu_count(),
        "object_store_memory": _OBJECT_STORE_BYTES,
        "include_dashboard": False,
        "_node_ip_address": "127.0.0.1",
    }
    try:
        ray.init(
            address=address or "local",
            log_to_driver=False,
            logging_level=logging.ERROR,
            **({} if address else alone),
        )
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        raise ConfigurationError(
            f"no Ray cluster answers at RAY_ADDRESS={address} ({error}); start it with ray start, "
            "or leave RAY_ADDRESS unset for this machine alone."
        ) from None
    try:
        yield
    finally:
        ray.shutdown()


def persistent(step: Callable[[], Result], what: str) -> Result:
    """Do a step whose input is on the disk; again if its worker died.

    Raises: ColporteurError naming the last error.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return step()
        except ColporteurError:
            raise
        except Exception as error:
            if attempt == ATTEMPTS:
                raise ColporteurError(f"{what} failed {ATTEMPTS} times ({error}).") from error
            logger.warning("%s failed and is begun again (%s)", what, error)
    raise AssertionError
