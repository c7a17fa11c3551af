"""Posts JSON to an address that whoever runs this has set: the one request that is no crawl's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request

from crawler.errors import ColporteurError


def post(url: str, said: Mapping[str, Any], seconds: float) -> None:
    """Post to an http or https address, once: no redirect is followed, no proxy asked.

    Raises: ColporteurError if nobody took it.
    """
    # Not `build_opener`, which would read file: and ftp: as well.
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    body = json.dumps(said, ensure_ascii=False, default=str).encode()
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 # two handlers
    try:
        answer = opener.open(request, timeout=seconds)
    except (OSError, HTTPException, ValueError) as error:
        raise ColporteurError(f"{url} could not be told: {error}.") from error
    if answer is None:
        raise ColporteurError(f"{url} is neither http nor https.")
    with answer:
        if not 200 <= answer.status < 300:
            raise ColporteurError(f"{url} could not be told: it answered {answer.status}.")
