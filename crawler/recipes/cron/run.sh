#!/bin/sh
# One run for cron, which mails whatever is said: nothing when all is well, and the reason when not.
# Options for scrapy may follow. The crontab beside this file has what may be set.
set -u
bin=${COLPORTEUR_BIN:-/opt/colporteur/.venv/bin}
data=${DATA_DIR:-/var/lib/colporteur}
sources=${SOURCES:-/etc/colporteur/sources.toml}
log=${LOG_FILE:-/var/log/colporteur/colporteur.log}
contact=${USER_AGENT_CONTACT:?"is not set: publishers should be able to reach whoever runs this"}
export SCRAPY_SETTINGS_MODULE=crawler.settings

# A run ends itself after 45 minutes, and commits. One that does not is told to (exit code 124), and
# two minutes later killed (137): the next run commits what it had.
code=0
said=$(nice -n 10 timeout --kill-after=2m 55m \
    "$bin/scrapy" crawl articles --max-minutes 45 \
    -s DATA_DIR="$data" -s SOURCES="$sources" -s USER_AGENT_CONTACT="$contact" \
    -s LOG_FILE="$log" "$@" 2>&1) || code=$?
case $code in
    # committed; another run is at it; a limit came first, and what was collected is committed
    0 | 4 | 6) exit 0 ;;
esac
echo "Colporteur ended with exit code $code. Its log is $log."
echo "$said"
exit "$code"
