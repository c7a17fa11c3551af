"""The architecture as tables: what runs in which order, and every limit with its reason.

Each can be set for one run with `-s NAME=VALUE`.
"""

from __future__ import annotations

from scrapy.settings import default_settings

BOT_NAME = "colporteur"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"

# -- Where things lie -------------------------------------------------------------------------

# A folder, or the URI of one in an object store (s3://bucket/prefix): then what is committed is
# sent there, and LOCAL_DIR is where it is made: no store has the renames and locks that this takes.
DATA_DIR = "data"
LOCAL_DIR = "data"
SOURCES = "crawler/sources.toml"
# The demo's sites have the same addresses each time only on the same port.
DEMO_PORT = 8909
# As-of reads and roll-back reach back this many commits; unchanged files are shared between them.
SNAPSHOTS_KEPT = 7
# Files of a partition that are joined after a commit: a run an hour does so once a day. A file has
# 50 kB before its first row: 100 commits of 12 articles were 11.9 MB, and then 3.8 MB that are read
# in a quarter of the time. 0: never.
COMPACT_MIN_FILES = 24
# Bytes of a joined file at most, some 2,500 articles; larger ones are left alone. Each is in memory
# while it is sorted (100 MB), and written again whenever a commit changes a row of it.
COMPACT_FILE_SIZE = 8_000_000

# Raw exchanges as WARC files below archive/: next year's extractor will be better than today's.
ARCHIVE_ENABLED = True
# Bytes. What Common Crawl and the Internet Archive have: few files, and each is soon copied.
ARCHIVE_FILE_SIZE = 1_000_000_000
# Days since a file was begun, and bytes of all of them, after which the oldest are removed at the
# end of a run. Nobody's evidence is thrown away unasked: 0 is no limit.
ARCHIVE_KEPT_DAYS = 0
ARCHIVE_KEPT_BYTES = 0

# -- Who we are, and what we do not do --------------------------------------------------------

# An address at which a publisher reaches the person who runs this. Set your own.
USER_AGENT_CONTACT = "https://github.com/colporteur/colporteur"
ROBOTSTXT_OBEY = True
# The name that robots.txt files know us by.
ROBOTSTXT_USER_AGENT = "colporteur"
# Seconds for which a robots.txt is believed: RFC 9309 (2.4) wants no copy older than a day.
SITE_FILE_MAX_AGE = 86_400.0
# Seconds between two requests that a robots.txt can ask for: with more than half a minute a day
# would not do for a newspaper's articles of one.
CRAWL_DELAY_MAX = 30.0
# `respect`: a page whose publisher does not want it indexed or mined is left alone. `record`: it is
# collected, and its row says what was said. crawler/fetch/rights.py has the table.
RIGHTS_POLICY = "respect"
# What the site gives to anyone, in its own language: Scrapy would ask for English.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
}
# Nothing is remembered about us by the sites, and Scrapy's cookie jar would fetch a suffix list.
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
DOWNLOAD_VERIFY_CERTIFICATES = True
# No port is opened on the machine that crawls.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Loopback and private networks: for the demo, for tests, for an intranet of one's own. Networks
# (`10.1.0.0/16,fd00::/8`) open these alone.
ALLOW_PRIVATE_HOSTS = False
# A proxy would resolve names in our place, and nobody would see a private address behind one.
HTTPPROXY_ENABLED = False
TWISTED_DNS_RESOLVER = "crawler.fetch.guards.GuardedResolver"

# -- Politeness -------------------------------------------------------------------------------

# One request at a time and one a second to each host, give or take half: what a reader does.
# A source may set its own. The machine itself (loopback) is asked without delay.
# In all, of those begun in the last half second: hosts that let us wait take nobody's place
# (crawler.fetch.downloader).
CONCURRENT_REQUESTS = 100
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOADER = "crawler.fetch.downloader.HostDownloader"
SCHEDULER_PRIORITY_QUEUE = "crawler.fetch.pauses.HostQueue"
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.5
LOOPBACK_CONCURRENCY = 4
# A page gives one article: Scrapy's 100 would start 100 tasks for it (1 ms of CPU a page).
CONCURRENT_ITEMS = 1
# Seconds, where a host says 429 or 503: without a Retry-After this long, then twice as long each
# time; never longer than a day, or a source would be forgotten; up to a minute is waited for, what
# is longer is for the next run, and that keeps to it.
BACKOFF_FIRST = 30.0
RETRY_AFTER_MAX = 86_400.0
RETRY_AFTER_WAIT = 60.0
# Four pages in a row, each asked for twice, that fail for no reason of their own: the host is down.
# One request after each rest finds out whether it is up again.
BREAKER_FAILURES = 8
BREAKER_REST = 300.0
# Of a run for each source, three hours at one a second: the next run goes on, newest first.
# A source may set its own; 0 for no limit.
REQUESTS_PER_SOURCE = 10_000
# How many sources have their listings read at once, those not counted whose site lets us wait
# (crawler.spiders.places); pages are asked for while they are.
SOURCES_AT_ONCE = 16

# -- Limits -----------------------------------------------------------------------------------

# Heads that have an end, and ends that are told (crawler.fetch.transport).
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.transport.DownloadHandler",
    "https": "crawler.fetch.transport.DownloadHandler",
}
# News pages weigh 0.3 MB in the middle and 5 MB at the most; full sitemaps 50 MB unpacked.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# A page that took longer was never read by a person either; it is tried again in the next run.
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 10
# Names are resolved in threads, and the system waits up to half a minute for a dead name server:
# with Scrapy's ten threads, ten such names were enough to keep all hosts from being found.
REACTOR_THREADPOOL_MAXSIZE = 100
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
# Twice is enough for a hiccup; what lasts is the next run's (crawler.state.urls).
RETRY_TIMES = 1
# Not 429 and 503: who asks for a pause gets one.
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]
# 50 million URLs by the protocol; a source with more of them wants its own list of sitemaps.
SITEMAPS_MAX = 1_000
# An index of indexes is more than the protocol knows, and some publishers have it.
SITEMAP_DEPTH_MAX = 3
# Sitemaps or listing pages in a row that name nothing that may be an article: a calendar, not a
# newspaper with a quiet month.
LISTINGS_FRUITLESS_MAX = 20
# The pages of a site without feeds, sitemaps and API: 5,000 articles at ten a page.
LISTING_PAGES_MAX = 500
# Long features have ten pages, slide shows thirty; what has more goes round in a circle.
ARTICLE_PAGES_MAX = 40
# Sites move their feeds rarely; looking again costs the home page and some guesses.
REDISCOVER_AFTER_DAYS = 7
# After its publication a page is seen again: most corrections come within hours, most withdrawals
# within days. s, m, h, d, w; empty for never by plan. Counted within the source's requests, after
# what is new. (crawler.state.visits)
REVISIT_AFTER = ["1h", "6h", "1d", "7d"]

# For sources with `javascript = true` (crawler.fetch.rendering). Empty: the first there is.
BROWSER_PATH = ""
# Seconds: what a page has not drawn by then is not read by a person either.
RENDER_TIMEOUT = 20.0
# Tabs; each has a process of its own.
RENDER_AT_ONCE = 2
# Of one page, for scripts and data: more than any page needs for its words; a loop has no end.
RENDER_REQUESTS_MAX = 100
# Bytes of scripts, which the pages of a site share; those that were asked for last are kept.
RENDER_SCRIPTS_REMEMBERED = 32_000_000
# Seconds between two requests for them, from a host whose robots.txt asks for no slower pace.
ASSET_DELAY = 0.1

# A source is visited again once so many new articles are to be expected of it, by its own history,
# but never sooner and never later than this; those that are not known for long are visited by each
# run (HEALTH_LEARNING_DAYS). A source may set its own: `every = "6h"`. `-a source=` visits at once.
VISIT_NEWS = 0.5
VISIT_LEAST = "15m"
VISIT_MOST = "1d"

# -- Extraction -------------------------------------------------------------------------------

# Processes that read pages beside the one that crawls; each starts when a page finds none free.
# One keeps up with some 15 pages a second on a small server (48 ms at the median, and long ones:
# tests/benchmarks/extraction.py); the second goes on while that one is at a page that takes long,
# and on a single core does not start before.
EXTRACT_WORKERS = 2
# Seconds by the clock for a page. The worst we could write take up to two seconds of CPU there (see
# tests/extract/test_cost.py); a busy machine is allowed to be seven times as slow.
EXTRACT_TIMEOUT = 15.0
# Of data, for each worker; 0 for no limit.
EXTRACT_MEMORY_MB = 2_000

# -- What runs, in order ----------------------------------------------------------------------

EXTENSIONS = {
    "crawler.run.Run": 0,
    "crawler.progress.ProgressDisplay": 10,
    "crawler.progress.ProgressLog": 20,
    "crawler.metrics.MetricsFile": 30,
    "crawler.notification.Notification": 40,
}
# Scrapy's own, without those that would listen and the one that tells less than ProgressLog.
# Switched off they would still be loaded, also by a None above, and that takes a tenth of a second
# of each start.
EXTENSIONS_BASE = {
    name: place
    for name, place in default_settings.EXTENSIONS_BASE.items()
    if name.rpartition(".")[2] not in ("TelnetConsole", "RemoteControl", "LogStats")
}
# On a terminal only; `scrapy demo` switches it on, and so does `-s PROGRESS_ENABLED=1`.
PROGRESS_ENABLED = False
# Seconds between two lines in the log that tell how far a run is; 0 for none.
PROGRESS_INTERVAL = 60.0

DOWNLOADER_MIDDLEWARES = {
    "crawler.fetch.guards.GuardMiddleware": 10,
    "crawler.fetch.erasure.ErasureMiddleware": 20,
    "crawler.fetch.traps.TrapMiddleware": 40,
    "crawler.fetch.budget.BudgetMiddleware": 50,
    "crawler.fetch.robots.RobotsMiddleware": 100,
    "crawler.fetch.integrity.IntegrityMiddleware": 590,
    "crawler.fetch.pauses.PauseMiddleware": 900,
    "crawler.fetch.archive.ArchiveMiddleware": 950,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
}

# An error's status is judged and named by crawler.fetch.failures, not dropped on the way there.
HTTPERROR_ALLOW_ALL = True

ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.normalize.NormalizePipeline": 200,
    "pipelines.erasure.stage.ErasurePipeline": 300,
    # Before boilerplate, which a credit that closes every second article would be.
    "pipelines.agency.AgencyPipeline": 320,
    "pipelines.boilerplate.BoilerplatePipeline": 350,
    "pipelines.language.LanguagePipeline": 400,
    "pipelines.language_filter.LanguageFilterPipeline": 410,
    "pipelines.privacy.PrivacyPipeline": 500,
    "pipelines.quality.QualityPipeline": 600,
    "pipelines.quality_filters.QualityFilterPipeline": 630,
    "pipelines.retractions.RetractionPipeline": 640,
    "pipelines.deduplicate.DeduplicatePipeline": 700,
    "pipelines.stage.StagePipeline": 800,
}
# A novel has a million characters: a longer body is a dump, not an article.
VALIDATE_MAX_BODY_CHARS = 2_000_000
# What stands in so many articles of a site, and in such a share of those beyond, is its furniture.
# Five of five, ten of 55, 25 of 200: quotes are shared by two or three articles, the standing lines
# of a weekly column by fewer than one in ten.
BOILERPLATE_MIN_ARTICLES = 5
BOILERPLATE_MIN_SHARE = 0.1
# The same for a line whose numbers are others each time: calls that count readers or days stand
# on a third of a site's pages and more, reports of markets, weather and matches on fewer.
BOILERPLATE_MIN_SHARE_VARYING = 0.3
# Articles of a site that its furniture is looked for in at least, and after which a block is
# forgotten that none of them had: 0.2 MB a site.
BOILERPLATE_MEMORY = 200
# 2 ms of CPU instead of 6 for a whole body, at the same accuracy.
LANGUAGE_SAMPLE_CHARS = 1_000
# Tags (`fr,zh`) of the languages that are collected; none for all: readers choose by the column.
LANGUAGES: list[str] = []
# None: `privacy.key` in DATA_DIR, beside the state; never in the snapshots, which are given away.
PRIVACY_KEY_FILE = None
# E-mail addresses and phone numbers in comments become `[email]` and `[phone]`: who left them there
# meant them for that page's readers. In articles, where they are a newsroom's, they are counted.
PRIVACY_MASK_CONTACTS = True
# Whose national phone numbers are looked for besides those of the site's country and language
# (pipelines.contacts): `FR,DE`, for a site whose readers live elsewhere. With +33 any are found.
PRIVACY_PHONE_REGIONS: list[str] = []
# Of `gopher`, `repetition`, `c4`, `fineweb`: what a text must pass to be collected. None: measures
# are written beside each text for readers to choose by; what is not collected cannot be chosen.
QUALITY_FILTERS: list[str] = []
# Two articles with the same few words ("Video to come.") are not one story.
DEDUPLICATE_MIN_WORDS = 15
# Papers take over what an agency or another paper writes within hours, weeklies within weeks; two
# months later the same words are a form letter. What is compared takes 1.5 kB of disk an article.
DEDUPLICATE_WINDOW_DAYS = 60

# -- Health -----------------------------------------------------------------------------------

# A source that gave this many pages and not one row is broken; fewer may be what a day brings.
UNHEALTHY_MIN_PAGES = 5
# Days of its own history that a source is judged by: eight of each weekday.
HEALTH_MEMORY_DAYS = 56
# Days that a source is watched before it is; until then only what is plainly broken is told.
HEALTH_LEARNING_DAYS = 14
# What chance does to a source once in so many years is told of too: with 40 sources and a handful
# of tests each, that is less than one false alarm a month (tests/benchmarks/year.py).
HEALTH_RETURN_YEARS = 5
# Days after which a field that is empty, or a reason that is given, is how the source is now.
HEALTH_ACCEPT_DAYS = 28
# Called at the end of a run that found something wrong that was not wrong before: a command, with
# JSON on its standard input, and an http or https address that it is posted to.
UNHEALTHY_COMMAND = None
UNHEALTHY_WEBHOOK = None
# A file in Prometheus' text format, written anew by each run (node exporter's textfile collector).
METRICS_FILE = None

# -- Log --------------------------------------------------------------------------------------

LOG_LEVEL = "INFO"
# A JSON object a line, with the numbers of the progress lines as numbers.
LOG_JSON = False
LOG_FORMATTER = "crawler.log.ArticleLogFormatter"
LOG_VERSIONS: list[str] = []
