# make run    set everything up and open the dashboard
# make test   set everything up and run the tests (a real browser among them)
# make check  formatting, lint, types, tests: green before each commit
# make quality   every score on the measuring corpora against its pinned floor

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: run test check lint quality browser clean

PYTHON := .venv/bin/python
BASE_PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check

run: .venv/installed
	$(PYTHON) -m pipeline run seeds --progress
	$(PYTHON) -m streamlit run dashboard.py

test: .venv/installed-tests browser
	$(PYTHON) -m pytest

check: lint test

lint: .venv/installed-tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

quality: .venv/installed-tests
	$(PYTHON) -m pytest tests/test_quality.py -s -m quality

# The browser tests need a Chromium; Debian's serves. Other systems and plain users are told how to get one.
browser:
	@if ! command -v chromium chromium-browser google-chrome >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	  else \
	    echo "The browser tests are skipped: install Chromium first (Debian: sudo apt-get install chromium)."; \
	  fi; \
	fi

.venv/installed: requirements.txt constraints.txt
	@$(BASE_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this one is $$($(BASE_PYTHON) --version)."; exit 1; }
	[ -x $(PYTHON) ] || $(BASE_PYTHON) -m venv .venv
	$(PIP) -r requirements.txt
	@touch $@

.venv/installed-tests: tests/requirements.txt .venv/installed
	$(PIP) -r tests/requirements.txt
	@touch $@

clean:
	rm -rf .venv store .mypy_cache .ruff_cache .hypothesis
