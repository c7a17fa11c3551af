"""Each recipe before the checker that its scheduler's own people keep."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.recipes import BIN, RECIPES, environment, program, read


def checked(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, words)], capture_output=True, text=True, timeout=60, check=False
    )


def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here (Debian: systemd)")
    scrapy = program(tmp_path / "bin", "exit 0")
    units = []
    for unit in sorted((RECIPES / "systemd").iterdir()):
        units.append(tmp_path / unit.name)
        units[-1].write_text(unit.read_text("utf-8").replace(BIN, str(scrapy.parent)))
    assert len(units) == 3
    done = checked("systemd-analyze", "verify", "--man=no", *units)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_timer_is_elapsed_once_an_hour() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here (Debian: systemd)")
    (calendar,) = (
        line.removeprefix("OnCalendar=")
        for line in read("systemd/colporteur.timer").splitlines()
        if line.startswith("OnCalendar=")
    )
    done = checked("systemd-analyze", "calendar", "--iterations=3", calendar)
    assert done.stdout.count(":07:00 UTC") >= 3, done


def test_the_workflow_is_one_by_github_s_schema() -> None:
    pytest.importorskip("check_jsonschema", reason='pip install "check-jsonschema"')
    workflow = RECIPES / "github_actions" / "colporteur.yml"
    schema = ("--builtin-schema", "vendor.github-workflows")
    done = checked(sys.executable, "-m", "check_jsonschema", *schema, workflow)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_cron_job_is_one_by_kubernetes_schema() -> None:
    kubernetes = pytest.importorskip("kubernetes_validate", reason='pip install ".[recipes]"')
    kinds = []
    for resource in yaml.safe_load_all(read("kubernetes/colporteur.yaml")):
        kubernetes.validate(resource, kubernetes.latest_version(), strict=True)
        kinds.append(resource["kind"])
    assert kinds == ["PersistentVolumeClaim", "CronJob"]


def test_airflow_takes_the_dag(tmp_path: Path) -> None:
    pytest.importorskip("airflow", reason="pip install apache-airflow-core, in a venv of its own")
    bag = (
        "from json import dumps; from airflow.dag_processing.dagbag import DagBag;"
        f"bag = DagBag({str(RECIPES / 'airflow')!r});"
        "print(dumps([bag.import_errors, {n: d.task_ids for n, d in bag.dags.items()}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", bag],
        env=environment(AIRFLOW_HOME=tmp_path), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [{}, {"colporteur": ["crawl"]}]
