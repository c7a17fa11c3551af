# Two commands from nothing but Python 3.11+, pip and make. Everything lands in .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check wordpress cluster store slow test-lowest unlinted clean

demo: $(VENV)/.installed
	$(BIN)/scrapy demo

# By file: what its tests share is made once. The order is that of tests/conftest.py.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder \
	-m "not wordpress and not slow and not cluster"

test: $(VENV)/.installed-test check
	$(PYTEST)

check: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Marked apart because it needs Debian's packages.
wordpress: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m wordpress

# Marked apart because Ray and Daft are 400 MB.
cluster: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e ".[cluster]"
	$(BIN)/python -m pytest -m cluster

# Marked apart because botocore, below the S3 server, holds python-dateutil below 3.
store: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e ".[store]"
	$(BIN)/python -m pytest tests/storage

# What takes minutes: hundreds of killed runs, tens of thousands of pages.
slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m slow

# The lower bound of every dependency, so that pyproject.toml promises nothing untested.
test-lowest: VENV := .venv-lowest
test-lowest:
	$(MAKE) unlinted VENV=$(VENV) CONSTRAINTS="-c constraints-lowest.txt"

unlinted: $(VENV)/.installed-test
	$(PYTEST)

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e ".[readers,report]"
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e ".[test]"
	touch $@

clean:
	rm -rf .venv .venv-lowest .mypy_cache .ruff_cache .pytest_cache
