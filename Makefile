# Two commands for everybody: make run, make test. The rest is for those who change the shop.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input

.PHONY: run test check lint types demo fresh camera-files screenshots lock migration messages many-orders many-postings proofs checkout-speed journal-speed clean

run: $(VENV)/.run
	@$(BIN)/shop serve --demo

test: $(VENV)/.dev
	@$(BIN)/pytest -n auto

check: lint types

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports > build/lint-imports.txt || { cat build/lint-imports.txt; exit 1; }
	@$(BIN)/deptry shop 2> build/deptry.txt || { cat build/deptry.txt; exit 1; }
	@$(BIN)/djlint --lint --quiet shop/templates

types: $(VENV)/.dev
	@$(BIN)/mypy --no-error-summary

# Fills this machine's shop with the demo without opening it.
demo: $(VENV)/.run
	@$(BIN)/shop demo

# Throws this machine's shop away: its database, its jobs, its pictures.
fresh:
	rm -rf var
	find uploads -mindepth 1 ! -name .gitkeep -delete

# Real camera files to test photos with, once, into build/.
camera-files: $(VENV)/.dev
	@$(BIN)/python -m tests.camera_files

screenshots: $(VENV)/.dev
	@$(BIN)/python -m tests.screenshots

lock: $(VENV)/.dev
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra build --extra dev pyproject.toml -o requirements-dev.lock

# make migration m="Why, in a few words"
migration: $(VENV)/.dev
	$(BIN)/flask --app shop db revision --autogenerate --message "$(m)"

messages: $(VENV)/.dev
	@$(BIN)/python -m tests.messages

# How long pages of orders take with 1,000 and with 100,000 orders behind them, on both databases.
many-orders: $(VENV)/.dev
	@$(BIN)/python -m tests.ops.measure_many_orders

# The books at 10,000 and at 1,000,000 postings on both databases: about 10 min.
many-postings: $(VENV)/.dev
	@$(BIN)/python -m tests.ops.measure_many_postings

# What must hold under rushes, kills, power cuts and faults, each beside a planted bug: about 25 min.
proofs: $(VENV)/.dev
	@$(BIN)/python -m tests.proofs

# Checkouts a second at 16 at once, beside bare inserts of the same rows, on both databases.
checkout-speed: $(VENV)/.dev
	@$(BIN)/python -m tests.proofs.speed

# How long the journal takes to leave the building, 100,000 postings a format, on both databases.
journal-speed: $(VENV)/.dev
	@$(BIN)/python -m tests.ops.measure_journal

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "The shop needs Python 3.11 or newer; say which one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python's venv is missing (Debian, Ubuntu: apt install python3-venv)"; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the shop needs …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what its tests need …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@mkdir -p build
	@touch $(VENV)/.run $@
