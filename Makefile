# Every workflow is one verb. `make run` and `make test` are all the set-up there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run demo test lint bench torture clean

run: $(VENV)/run.stamp  ## set up, start on this computer, open the browser
	@$(BIN)/smallwins serve

demo: $(VENV)/run.stamp  ## the program over a made-up year
	@$(BIN)/smallwins demo

test: $(VENV)/test.stamp  ## everything: lint, PostgreSQL, then SQLite with a real Chromium
	@$(BIN)/python scripts/test.py

lint: $(VENV)/test.stamp
	@$(BIN)/python scripts/lint.py

bench: $(VENV)/test.stamp  ## the figures of docs/benchmarks.md (needs the data: DATA=folder)
	@$(BIN)/python bench/run.py

torture: $(VENV)/test.stamp  ## kill -9 under eight writers, a thousand times; then two hundred people on a host
	@$(BIN)/python bench/torture.py
	@$(BIN)/python bench/crowd.py --restart

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Small Wins needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make an environment here. On Debian: apt install python3-venv"; exit 2; }

$(VENV)/run.stamp: $(VENV)/bin/python pyproject.toml
	@echo "Setting up. This takes a moment the first time."
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	@$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@
