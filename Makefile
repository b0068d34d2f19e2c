# The developer's door. Every target works first and alone on a fresh machine: what it needs is
# built by the stamp, and what is missing gets one sentence.
.POSIX:
.SUFFIXES:

# make setup PYTHON=python3.12; make test ARGS="-k outbox"; make bench BENCH=benchmarks/bench_x.py
PYTHON = python3
ARGS =
BENCH = benchmarks/bench_*.py

VENV = .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.stamp
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --no-header --generate-hashes \
	--universal --python-version 3.11

help:
	@echo "make setup      create .venv with everything a developer needs"
	@echo "make demo       a local Slack, a sample squad and the bot (needs npm)"
	@echo "make test       the fast tests, on SQLite and PostgreSQL"
	@echo "make test-slow  the slow tests and those in a browser (need npm and Chromium)"
	@echo "make test-all   both"
	@echo "make soak       sixty simulated days of fifty squads, on both databases"
	@echo "make check      lint, format, types, floors, locks"
	@echo "make bench      the measures; prints a table each"
	@echo "make lock       write the lock files anew after a change of pyproject.toml"

setup: $(STAMP)
	@echo "Ready. Try: make demo"

$(STAMP): pyproject.toml requirements-dev.lock
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "Muster needs Python 3.11 or newer and finds no $(PYTHON);" \
			"install it, or name yours: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Muster needs Python 3.11 or newer and $(PYTHON) is older;" \
			"install one, or name yours: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) comes without its venv module;" \
			"install it (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP)
	@command -v npm >/dev/null 2>&1 || { \
		echo "make demo fetches a local Slack with npm and finds none;" \
			"install Node.js 20 or newer, which brings npm" >&2; exit 1; }
	$(BIN)/muster demo $(ARGS)

# Each worker would otherwise compile all of the project again, and so would each process it starts.
unexport PYTHONDONTWRITEBYTECODE

test: $(STAMP)
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-slow: $(STAMP)
	@command -v npm >/dev/null 2>&1 || { \
		echo "the browser tests fetch a local Slack with npm and find none;" \
			"install Node.js 20 or newer, which brings npm" >&2; exit 1; }
	$(BIN)/pytest -m "slow or browser" $(ARGS)

test-all: test test-slow

soak: $(STAMP)
	$(BIN)/pytest -m soak $(ARGS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house/test_locks.py

bench: $(STAMP)
	@for script in $(BENCH); do \
		echo "== $$script"; PYTHONPATH=. $(BIN)/python "$$script" $(ARGS) || exit 1; done

# Keeps the pins that still fit; make lock ARGS=--upgrade moves them all.
lock: $(STAMP)
	$(COMPILE) --extra dev -o requirements-dev.lock $(ARGS)
	$(COMPILE) --extra build -c requirements-dev.lock -o requirements.lock $(ARGS)

.PHONY: help setup demo test test-slow test-all soak check bench lock
