# Two commands for everybody: make run, make test. The rest is for those who change the shop.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: run test check lint types demo screenshots lock migration messages clean

run: $(VENV)/.run
	$(BIN)/shop serve --demo

test: $(VENV)/.dev
	$(BIN)/pytest -n auto

check: lint types

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry shop
	$(BIN)/djlint --lint --quiet shop/templates

types: $(VENV)/.dev
	$(BIN)/mypy

demo: $(VENV)/.run
	$(BIN)/shop demo

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.screenshots

lock: $(VENV)/.dev
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra build --extra dev pyproject.toml -o requirements-dev.lock

migration: $(VENV)/.dev
	$(BIN)/flask --app shop db revision --autogenerate --message "$(m)"

messages: $(VENV)/.dev
	$(BIN)/python -m tests.messages

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.run: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.run
