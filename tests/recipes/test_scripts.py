"""What the recipes' shell lines make of each exit code, and what they ask Scrapy for."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler import settings
from crawler.errors import ExitCode
from tests.recipes import BIN, RECIPES, environment, program, read


def airflow() -> str:
    found = re.search(r'^RUN = """\n(.*?)^"""', read("airflow/colporteur.py"), re.M | re.S)
    assert found
    return found[1].replace("\\\n", "")


def github_actions() -> str:
    steps = yaml.safe_load(read("github_actions/colporteur.yml"))["jobs"]["crawl"]["steps"]
    (script,) = (step["run"] for step in steps if "scrapy" in step.get("run", ""))
    assert isinstance(script, str)
    return script.replace("${{ github.repository }}", "someone/news")


def cron_job() -> dict[str, Any]:
    (job,) = (
        one
        for one in yaml.safe_load_all(read("kubernetes/colporteur.yaml"))
        if one["kind"] == "CronJob"
    )
    assert isinstance(job, dict)
    return job


def kubernetes() -> str:
    (container,) = cron_job()["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    (script,) = container["args"]
    assert container["command"] == ["/bin/sh", "-c"]
    assert isinstance(script, str)
    return script


def cron() -> str:
    return str(RECIPES / "cron" / "run.sh")


def systemd() -> str:
    """The line of the unit, which systemd itself reads: no test here can start it."""
    found = re.search(r"^ExecStart=((?:.*\\\n)*.*)$", read("systemd/colporteur.service"), re.M)
    assert found
    return found[1]


SUCCESS = (ExitCode.COMMITTED, ExitCode.FOLDER_IN_USE, ExitCode.STOPPED)
Script = Callable[[], str]


def run(script: str, programs: Path) -> subprocess.CompletedProcess[str]:
    """As the scheduler's shell would, with our programs in place of those of the recipe."""
    env = environment(
        COLPORTEUR_BIN=programs, USER_AGENT_CONTACT="you@example.org", LOG_FILE="run.log"
    )
    env["PATH"] = f"{programs}:{env['PATH']}"
    # -e: as GitHub does, which the others stand too
    return subprocess.run(
        ["/bin/sh", "-e", "-c", script.replace(BIN, str(programs))],
        env=env, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("code", ExitCode)
@pytest.mark.parametrize(
    ("script", "others"),
    [
        (cron, {}),
        (kubernetes, {}),
        (airflow, {ExitCode.FOLDER_IN_USE: 99}),  # skipped
        (github_actions, {ExitCode.FOLDER_IN_USE: 4}),  # cannot be there: one job at a time
    ],
)
def test_what_a_scheduler_hears_of_each_exit_code(
    script: Script, others: dict[ExitCode, int], code: ExitCode, tmp_path: Path
) -> None:
    program(tmp_path / "bin", f"echo what is wrong >&2; exit {code:d}")
    done = run(script(), tmp_path / "bin")
    expected = others.get(code, 0 if code in SUCCESS else int(code))
    assert done.returncode == expected, done
    if script is cron:
        assert ("what is wrong" in done.stdout) == bool(expected), "cron mails what is said"
        assert bool(done.stdout + done.stderr) == bool(expected)


def test_systemd_takes_the_same_codes_for_success() -> None:
    said = re.findall(r"^SuccessExitStatus=(.*)$", read("systemd/colporteur.service"), re.M)
    assert [{0, *map(int, one.split())} for one in said] == [set(map(int, SUCCESS))]


@pytest.mark.parametrize("script", [cron, kubernetes, airflow, github_actions, systemd])
def test_each_asks_for_one_run_with_an_end_and_a_contact(script: Script, tmp_path: Path) -> None:
    program(tmp_path / "bin", f'printf "%s\\n" "$@" > {tmp_path}/words')
    assert run(script(), tmp_path / "bin").returncode == 0
    words = (tmp_path / "words").read_text().splitlines()
    assert words[:3] == ["crawl", "articles", "--max-minutes"]
    assert 0 < float(words[3]) < 60
    assert set(words[4::2]) == {"-s"}
    given = dict(word.split("=", 1) for word in words[5::2])
    assert {"DATA_DIR", "SOURCES", "USER_AGENT_CONTACT"} <= given.keys()
    assert [name for name in given if name != "LOG_FILE" and not hasattr(settings, name)] == []
    if script is not github_actions:  # which begins in the folder of the repository
        assert given["DATA_DIR"].startswith("/")
        assert given["SOURCES"].startswith("/")


def test_a_pod_that_is_told_to_go_waits_for_the_commit(tmp_path: Path) -> None:
    said = tmp_path / "said"
    wait = f"trap 'echo committed > {said}; exit 6' TERM; echo at it > {said}; sleep 20 & wait $!"
    program(tmp_path / "bin", wait)
    env = environment() | {"PATH": f"{tmp_path}/bin:{os.defpath}"}
    with subprocess.Popen(["/bin/sh", "-c", kubernetes()], env=env) as pod:
        end = time.monotonic() + 10
        while not said.exists() or not said.read_text():
            assert time.monotonic() < end
            time.sleep(0.02)
        pod.terminate()
        assert pod.wait(timeout=10) == 0
    assert said.read_text() == "committed\n"
