"""Python loads this first wherever this folder is on its path: a world with dead name servers.

The wait is in the system's resolver, which knows of no other limit than its own.
"""

from __future__ import annotations

import socket
import time

# The system's own is up to thirty.
SECONDS = 25.0

_real = socket.gethostbyname


def gethostbyname(name: str) -> str:
    """`*.lame.example` is waited for in vain, `quick.example` is this machine."""
    if name.endswith(".lame.example"):
        time.sleep(SECONDS)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return "127.0.0.1" if name == "quick.example" else _real(name)


socket.gethostbyname = gethostbyname
