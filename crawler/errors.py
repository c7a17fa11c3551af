"""Why something was let go, and why a run could not go on.

A `Refusal` is a value: a page or a row that is not taken, with a typed `Reason`. It is counted
under the reason's own name in the stats, in the run's file and in the state, so that the sum of the
reasons explains every URL that was found.

A `ColporteurError` ends the command, with one sentence for the person and one exit code for the
scheduler:

    ColporteurError              1  something unexpected
    ├── ConfigurationError       2  bad arguments or settings
    │   └── SourcesError         2  a mistake in the sources file, with its line and its cure
    ├── DatasetError             3  the data folder cannot be written or read
    │   └── StoreError           3  what is published cannot be sent to where DATA_DIR names it
    └── FolderInUseError              4  another run holds the data folder
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What a scheduler learns from a run (DESIGN: Commands)."""

    COMMITTED = 0
    UNEXPECTED = 1
    BAD_CONFIGURATION = 2
    NOT_WRITABLE = 3
    FOLDER_IN_USE = 4
    SOURCE_UNHEALTHY = 5
    STOPPED = 6


class Reason(StrEnum):
    """Every reason there is, `area/thing`. The part before the slash is the stage that refused."""

    # fetch: the exchange itself failed
    UNRESOLVED = "fetch/unresolved"
    CONNECTION = "fetch/connection"
    TIMEOUT = "fetch/timeout"
    TLS = "fetch/tls"
    TOO_LARGE = "fetch/too-large"
    NETWORK = "fetch/network"
    # http: the server answered, but not with the page
    MALFORMED = "http/malformed"
    GONE = "http/gone"
    FORBIDDEN = "http/forbidden"
    TOO_MANY_REQUESTS = "http/too-many-requests"
    CLIENT_ERROR = "http/client-error"
    SERVER_ERROR = "http/server-error"
    REDIRECTED_AWAY = "http/redirected-away"
    REDIRECT_LOOP = "http/redirect-loop"
    # host: it is not asked now; its URLs stay due
    PUT_OFF = "host/put-off"
    HOST_DOWN = "host/down"
    OVER_BUDGET = "host/over-budget"
    RUN_STOPPED = "host/run-stopped"
    # robots, guard: we must not ask
    ROBOTS_DISALLOWED = "robots/disallowed"
    ROBOTS_UNREACHABLE = "robots/unreachable"
    SCHEME = "guard/scheme"
    PRIVATE_ADDRESS = "guard/private-address"
    OFF_SITE = "guard/off-site"
    TRAP = "guard/trap"
    # rights: the publisher does not want the page collected (crawler.fetch.rights)
    NOINDEX = "rights/noindex"
    EXPIRED = "rights/expired"
    TDM_RESERVED = "rights/tdm-reserved"
    USE_REFUSED = "rights/use-refused"
    # erased: somebody had it taken out, and it stays out (crawler.state.tombstones)
    ERASED_URL = "erased/url"
    ERASED_DOMAIN = "erased/domain"
    ERASED_AUTHOR = "erased/author"
    # integrity: what came is not what was sent
    TRUNCATED = "integrity/truncated"
    EMPTY = "integrity/empty"
    BAD_ENCODING = "integrity/bad-encoding"
    WRONG_CHARSET = "integrity/wrong-charset"
    NOT_HTML = "integrity/not-html"
    # discovery: what should list articles does not
    UNREADABLE_LISTING = "discovery/unreadable"
    # extract: the page was given up, whatever it is
    EXTRACT_TIMEOUT = "extract/timeout"
    TOO_LARGE_TO_READ = "extract/too-large"
    WORKER_DIED = "extract/worker-died"
    # render: its scripts did not end well (crawler.fetch.rendering)
    RENDER_TIMEOUT = "render/timeout"
    RENDER_FAILED = "render/failed"
    # article: the page is not one
    HOME_PAGE = "article/home-page"
    LISTING_PAGE = "article/listing-page"
    AUTHOR_PAGE = "article/author-page"
    PRODUCT_PAGE = "article/product-page"
    LOGIN_PAGE = "article/login-page"
    ERROR_PAGE = "article/error-page"
    FORUM_PAGE = "article/forum-page"
    SERVICE_PAGE = "article/service-page"
    LATER_PAGE = "article/later-page"
    TOO_MANY_PAGES = "article/too-many-pages"
    NO_HEADLINE = "article/no-headline"
    NO_BODY = "article/no-body"
    EXTRACTION_FAILED = "article/extraction-failed"
    # language: only others are wanted (pipelines.language_filter)
    OTHER_LANGUAGE = "language/not-wanted"
    # quality: a filter was asked for, and the text does not pass (pipelines.quality_filters)
    QUALITY_GOPHER = "quality/gopher"
    QUALITY_REPETITION = "quality/repetition"
    QUALITY_C4 = "quality/c4"
    QUALITY_FINEWEB = "quality/fineweb"
    # validate, stage: the row cannot be what the schema promises
    BAD_ROW = "validate/bad-row"
    # store: what is committed could not be sent to where DATA_DIR names it by URI (crawler.storage)
    STORE_UNREACHABLE = "store/unreachable"
    STORE_REFUSED = "store/refused"

    @property
    def is_transient(self) -> bool:
        """Whether the next run should try again: the cause lies in the moment, not in the page."""
        return self in _TRANSIENT or self.is_postponed

    @property
    def is_of_rights(self) -> bool:
        """Whether the page is left to its publisher, who may want to see that it was."""
        return self.startswith("rights/")

    @property
    def is_of_erasure(self) -> bool:
        """Whether not even the page's address may be remembered."""
        return self.startswith("erased/")

    @property
    def is_postponed(self) -> bool:
        """Whether the page was not even asked for, and waits for the next run as it did before."""
        return self in _POSTPONED


_TRANSIENT = frozenset(
    {
        Reason.UNRESOLVED,
        Reason.CONNECTION,
        Reason.TIMEOUT,
        Reason.TLS,
        Reason.NETWORK,
        Reason.TOO_MANY_REQUESTS,
        Reason.SERVER_ERROR,
        Reason.ROBOTS_UNREACHABLE,
        Reason.MALFORMED,
        Reason.TRUNCATED,
        Reason.EMPTY,
        Reason.BAD_ENCODING,
        # Judged by what other pages gave: tomorrow they may give more.
        Reason.TRAP,
        # A busy machine, or one without memory, looks the same from here as a page made to harm.
        Reason.EXTRACT_TIMEOUT,
        Reason.WORKER_DIED,
        Reason.RENDER_TIMEOUT,
        Reason.RENDER_FAILED,
    }
)

_POSTPONED = frozenset({Reason.PUT_OFF, Reason.HOST_DOWN, Reason.OVER_BUDGET, Reason.RUN_STOPPED})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page did not become a row. `detail` is for people: what was seen, in a few words."""

    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


class ColporteurError(Exception):
    """The command cannot go on. Its text is one sentence that says what, where and what to do."""

    exit_code: ExitCode = ExitCode.UNEXPECTED


class ConfigurationError(ColporteurError):
    """An argument or a setting cannot be used as given."""

    exit_code = ExitCode.BAD_CONFIGURATION


class SourcesError(ConfigurationError):
    """A mistake in the sources file: `file:line: source "name": what is wrong; what to do`."""

    def __init__(self, file: str, line: int | None, source: str | None, message: str) -> None:
        where = f"{file}:{line}" if line else file
        who = f' source "{source}":' if source else ""
        super().__init__(f"{where}:{who} {message}")


class DatasetError(ColporteurError):
    """The data folder cannot be written or read: no room, no right, an I/O error, a broken file."""

    exit_code = ExitCode.NOT_WRITABLE


class StoreError(DatasetError):
    """What `DATA_DIR` names by URI cannot be reached or written; what was collected is kept."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class FolderInUseError(ColporteurError):
    """Another live run holds this data folder."""

    exit_code = ExitCode.FOLDER_IN_USE
