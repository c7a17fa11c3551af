"""What runs remember: which URLs are known, what is due, what is not yet committed."""

from crawler.state.folder import DataFolder
from crawler.state.store import State

__all__ = ["DataFolder", "State"]
