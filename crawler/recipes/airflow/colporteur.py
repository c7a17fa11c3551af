"""Colporteur as an Airflow DAG: one run an hour, over the sources that are due.

For Airflow 3 with apache-airflow-providers-standard. Colporteur has a virtual environment of its
own: Scrapy and Airflow need not agree on anything.
"""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

# 4, another run holds the data folder: the task is skipped, as 99 says. 6, a limit came first:
# what was collected is committed, and tasks that read the dataset may follow.
RUN = """
code=0
nice -n 10 /opt/colporteur/.venv/bin/scrapy crawl articles --max-minutes 45 \
    -s DATA_DIR=/var/lib/colporteur -s SOURCES=/etc/colporteur/sources.toml \
    -s USER_AGENT_CONTACT=you@example.org || code=$?
case $code in
    4) exit 99 ;;
    6) exit 0 ;;
esac
exit $code
"""

with DAG(
    "colporteur",
    schedule="7 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    # A run finds by itself what was missed, and there is one writer.
    catchup=False,
    max_active_runs=1,
    default_args={
        # The next run is the retry. Who is told of a failure, 5 (a source is unhealthy) among them:
        # set on_failure_callback to a notifier of yours.
        "retries": 0,
        "execution_timeout": timedelta(minutes=55),
    },
) as dag:
    BashOperator(
        task_id="crawl",
        bash_command=RUN,
        env={"SCRAPY_SETTINGS_MODULE": "crawler.settings"},
        append_env=True,
    )
