from __future__ import annotations

import json
import time

import pytest

from crawler.fetch.tdmrep import MAX_RULES, reservation, reservation_for

RULES = [
    {"location": "/open/*", "tdm-reservation": 0},
    {"location": "*.pdf$", "tdm-reservation": 1},
    {"location": "/news/*", "tdm-reservation": 1, "tdm-policy": "https://a.example/policy.json"},
    {"location": "/exact$", "tdm-reservation": 1},
]


def said(path: str, rules: object = RULES) -> str | None:
    return reservation_for(json.dumps(rules).encode(), f"https://a.example{path}")


def test_the_first_rule_whose_location_matches_holds() -> None:
    assert said("/open/a.pdf") == "0"
    assert said("/doc/a.pdf") == "1"
    assert said("/news/a?b=c") == "1 https://a.example/policy.json"
    assert said("/exact") == "1"
    assert said("/exactly") is None
    assert said("/other") is None
    assert said("", [{"location": "/", "tdm-reservation": "1"}]) == "1"


@pytest.mark.parametrize(
    "rules",
    [None, {}, [], "x", [7], [{}], [{"location": 7, "tdm-reservation": 1}],
     [{"location": "/", "tdm-reservation": True}], [{"location": "/", "tdm-reservation": 2}]],
)  # fmt: skip
def test_a_file_in_another_form_says_nothing(rules: object) -> None:
    assert said("/", rules) is None


def test_bytes_that_are_no_json_say_nothing() -> None:
    assert reservation_for(b"<html>", "https://a.example/") is None
    assert reservation_for(b"[" * 100_000, "https://a.example/") is None


def test_a_policy_is_kept_with_the_reservation() -> None:
    assert reservation("1", " https://a.example/p ") == "1 https://a.example/p"
    assert reservation(0, None) == "0"
    assert reservation("yes", None) is None


def test_a_hostile_file_costs_little() -> None:
    rules = [{"location": "*a" * 20 + "b$", "tdm-reservation": 1}] * (2 * MAX_RULES)
    started = time.process_time()
    said("/" + "a" * 60, rules)
    assert time.process_time() - started < 5
