#!/bin/sh
# One run for Scrapyd, which has no clock of its own: call this from cron. More of Scrapyd's
# parameters may follow, such as: -d setting=UNHEALTHY_WEBHOOK=https://example.org/hook
#
# Scrapyd shows a job as finished however it ended: the exit code is in its log only ("exitstatus").
# So a webhook or a command has to tell of a source that is unhealthy, and METRICS_FILE of the rest.
set -u
exec curl --silent --show-error --fail-with-body --max-time 30 \
    "${SCRAPYD_URL:-http://127.0.0.1:6800}/schedule.json" \
    -d project=colporteur -d spider=articles \
    -d setting=CLOSESPIDER_TIMEOUT=2700 \
    -d setting=DATA_DIR="${DATA_DIR:-/var/lib/colporteur}" \
    -d setting=SOURCES="${SOURCES:-/etc/colporteur/sources.toml}" \
    -d setting=USER_AGENT_CONTACT="${USER_AGENT_CONTACT:?"is not set: publishers want to reach you"}" \
    "$@"
