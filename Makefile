# `make demo` and `make test` each work as the first command in a clean checkout: they need Python 3.11-3.13, make and a
# package registry (pip's own settings are respected), and put everything into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/sh
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
REAL := ../shared
WORKERS ?= 2

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile

# PYTHON=/path/to/python3.12 chooses an interpreter; without it the first suitable one on the PATH is taken.
$(READY): requirements.lock pyproject.toml Makefile
	@set -e; python=$$(./tools/find-python $(PYTHON)); \
	$(BIN)/python -c '' 2>/dev/null || "$$python" -m venv --clear $(VENV); \
	echo "Installing into $(VENV) ..."; \
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock; \
	$(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .; \
	touch $@

.PHONY: venv
venv: $(READY) ## the environment alone: .venv with everything, .venv/bin/juesuan

.PHONY: demo
demo: $(READY) ## twelve invented reports, three with planted errors: read, checked, errors found
	@rm -rf demo && mkdir demo
	@$(BIN)/python -m tests.corpus.demo generate demo/reports
	@# Planted errors are errors: status 1 is what the demo wants, 2 would be a file that could not be read.
	@$(BIN)/juesuan run demo/reports --out demo/out --db demo/juesuan.db || [ $$? -eq 1 ]
	@$(BIN)/python -m tests.corpus.demo check demo/out

.PHONY: up
up: $(READY) ## Kafka, S3, PostgreSQL and all services on this machine; a second time is harmless
	@$(BIN)/python -m deploy.local up

.PHONY: down
down: $(READY) ## stop them; what they hold stays in .state
	@$(BIN)/python -m deploy.local down

.PHONY: ps
ps: $(READY) ## what runs, with pid and address
	@$(BIN)/python -m deploy.local ps

.PHONY: logs
logs: $(READY) ## follow the logs of all servers and services
	@$(BIN)/python -m deploy.local logs

.PHONY: test
test: lint types schemas pytest ## everything that must hold: style, types, layers, schemas, all tests

.PHONY: pytest
pytest: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS)

.PHONY: chaos
chaos: $(READY) ## the part of the tests where processes are killed, servers away, notifications lost
	$(BIN)/python -m pytest tests/chaos

.PHONY: soak
soak: $(READY) ## 30 blows against a broker and two members that copy records: each exactly once? ten minutes
	$(BIN)/python -m tests.soak
	$(BIN)/python -m tests.soak --heavy

.PHONY: fuzz
fuzz: $(READY) ## 2,000 damaged files over all formats, and files made to hurt; a table of how they ended, half an hour
	$(BIN)/python -m tests.fuzz.run --write

.PHONY: lint
lint: $(READY) ## ruff and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

.PHONY: types
types: $(READY) ## mypy, strict
	$(BIN)/mypy

.PHONY: schemas
schemas: $(READY) ## are docs/reference/ and the code the same?
	$(BIN)/python -m tools.reference --check

.PHONY: docs
docs: $(READY) ## write docs/reference/ from the code
	$(BIN)/python -m tools.reference

.PHONY: score
score: $(READY) ## precision and recall on the real reports in $(REAL), if they are there
	$(BIN)/python -m tests.real.score

.PHONY: bench
bench: $(READY) ## reports per second, milliseconds per stage, memory
	$(BIN)/python -m benchmarks.run

.PHONY: bench-chain
bench-chain: $(READY) ## the same of the chain on real servers, against juesuan run; takes about fifteen minutes
	$(BIN)/python -m benchmarks.chain

.PHONY: bench-extraction
bench-extraction: $(READY) ## reading beside its floor, pdfplumber and unstructured: speed and exact cells; five minutes
	$(BIN)/python -m benchmarks.extraction --write

.PHONY: bench-scans
bench-scans: $(READY) ## reading scans: exact cells and numbers, doubts, seconds a page; ten minutes
	$(BIN)/python -m benchmarks.scans --write

.PHONY: fmt
fmt: $(READY) ## format and sort imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: $(READY) ## resolve requirements.lock anew for Python 3.11 to 3.13
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --group servers --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock

.PHONY: clean
clean: ## remove everything that make made
	rm -rf $(VENV) .state demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
