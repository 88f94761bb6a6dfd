# `make run` serves the playground with the demo workspace, `make test` checks everything; the rest is for working on it.
# Paths stay relative, so that a folder with spaces in its name works.

PYTHON ?= python3
LOCALE := zh-CN
N := 100
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check faults fuzz bench lock pictures clean

run: .venv/run.stamp .data/demo.stamp
	@$(BIN)/morningbell serve $(ARGS)

test: .venv/dev.stamp check
	$(BIN)/pytest -n auto --dist loadfile

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

faults: .venv/dev.stamp
	$(BIN)/python -m tests.faults -n $(N) $(ARGS)

fuzz: .venv/dev.stamp
	FUZZ_EXAMPLES=50000 $(BIN)/pytest -n auto tests/unit/test_slack_guard.py tests/unit/test_feishu_guard.py

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks $(ARGS)

pictures: .venv/dev.stamp
	$(BIN)/python -m docs.pictures

lock:
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -c requirements.lock -o requirements-dev.lock

# What was kept in .data stays: it holds people's work, and the key that opens it.
clean:
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Morningbell needs Python 3.11 or newer: apt install python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "The venv module is missing: apt install python3-venv"; exit 1; }

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Morningbell needs (once, a minute or two) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q bot handlers core scheduler
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Installing what the tests need (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

.data/demo.stamp: | .venv/run.stamp
	@mkdir -p .data
	@$(BIN)/morningbell init --demo --locale $(LOCALE)
	@touch $@
