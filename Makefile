# Every command of the project. `make setup` runs by itself when something is missing.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ARGS   ?=
NPM    := cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm
MODULES := web/node_modules/.package-lock.json
PAGES  := src/agendum/pages/assets/manifest.json
API    := web/build/api-v1.d.ts
WEB_SOURCES := $(shell find web \( -name node_modules -o -name build \) -prune -o -type f -print)

.PHONY: help setup serve test browser lint format conformance bench web screenshots docs lock clean

help:  ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

setup: $(STAMP)  ## Make .venv and install the locked dependencies

$(STAMP): requirements/dev.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Agendum needs Python 3.11 or newer; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(MODULES): web/package-lock.json $(STAMP)
	@$(NPM) ci --silent
	@touch $@

$(PAGES): $(WEB_SOURCES) $(MODULES)
	@$(NPM) run build --silent

$(API): $(shell find src/agendum -name '*.py' -not -path '*/tests/*') $(MODULES)
	@mkdir -p web/build
	@$(BIN)/agendum openapi --version v1 > web/build/openapi-v1.json
	@$(BIN)/agendum openapi --version v2 > web/build/openapi-v2.json
	@$(NPM) run api --silent >/dev/null

serve: setup $(PAGES)  ## Start Agendum with demo data on the embedded PostgreSQL
	$(BIN)/agendum serve --demo $(ARGS)

browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq chromium >/dev/null; } || \
		echo "No Chromium here and no way to install it: the journeys in a browser are left out."

test: setup $(PAGES) $(API) browser  ## Run every test
	$(NPM) test --silent
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

lint: setup $(API)  ## Style, types, import layers, of Python and of the pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(NPM) run lint --silent
	$(NPM) run check --silent

format: setup $(MODULES)  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NPM) run format --silent

conformance: setup  ## Hold every operation against the wire contract, table by group
	$(BIN)/pytest tests/conformance -q -n 0 --conformance-table $(ARGS)

bench: setup  ## Measure the hot paths against the yardstick
	$(BIN)/python -m bench $(ARGS)

web: setup $(PAGES)  ## Build the pages: booking, cabinet, console

screenshots: setup $(PAGES) browser  ## Take pictures of every page, for the eye and for the handbook
	$(BIN)/python -m tests.journeys.pictures

docs: setup  ## Build the documentation into site/
	$(BIN)/mkdocs build --strict

lock: setup  ## Write the locked versions anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml -o requirements/runtime.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --group dev -c requirements/runtime.lock -o requirements/dev.lock

clean:  ## Remove what was built; the data folder stays
	rm -rf $(VENV) site dist build web/node_modules web/build src/agendum/pages/assets .pytest_cache .ruff_cache .hypothesis
