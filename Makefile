# Every promise of this repository is one target; `make` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
INSTALL := $(PIP) install --no-deps --require-hashes

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- installing: nothing outside .venv/ is touched

.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Rapport needs Python 3.11 or newer; $(PYTHON) was not found (make PYTHON=...)."; exit 1; }
	@$(PYTHON) scripts/check_platform.py
	@$(PYTHON) -m venv .venv

.venv/.embedded: requirements.lock pyproject.toml | .venv/bin/pip
	@echo "installing into .venv (the first time takes a minute)"
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.embedded
	@echo "installing the test tools into .venv"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

setup: .venv/.dev ## install everything the tests need

.venv/.bench: requirements-bench.lock .venv/.dev
	@echo "installing the frameworks of the benches into .venv"
	@$(INSTALL) -r requirements-bench.lock
	@touch $@

LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header pyproject.toml
SERVED := $(LOCK) --extra embedded --no-emit-package django --no-emit-package asgiref --no-emit-package sqlparse
lock: .venv/.dev ## write the lock files anew from pyproject.toml
	@$(SERVED) -o requirements.lock
	@$(SERVED) --extra dev -o requirements-dev.lock
	@$(LOCK) --extra bench -c requirements-dev.lock -o requirements-bench.lock

# ---- running: one machine, nothing else to install

up: .venv/.embedded ## start the mesh on this machine and print its addresses
	@$(BIN)/mesh up $(ARGS)

down: ## stop the mesh
	@test ! -x $(BIN)/mesh || $(BIN)/mesh down $(ARGS)

# ---- building: protos are the source, gen/ and docs/reference.md follow

gen: .venv/.dev ## write gen/ and docs/reference.md from the protos
	@$(BIN)/python scripts/gen.py

gen-check: .venv/.dev ## fail where a generated file is not what the protos say
	@$(BIN)/python scripts/gen.py --check

docs: gen ## write the generated documents and check every link
	@$(BIN)/pytest -q tests/hygiene/test_documents.py

# ---- checking

lint: gen-check ## ruff over the Python, buf over the protos
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/buf lint build/image.binpb --config buf.yaml --path rapport

type: .venv/.dev ## mypy --strict
	@$(BIN)/mypy

contract: gen-check ## fail where API or policy is looser than at the last release
	@$(BIN)/python scripts/contract_diff.py

test: .venv/.dev ## run every suite but bench, chaos and external
	@$(BIN)/pytest $(ARGS)

test-fast: .venv/.dev ## a subset of the suites, within a minute
	@$(BIN)/pytest -m "not bench and not external and not chaos and not slow" $(ARGS)

chaos: .venv/.dev ## kill processes while a tenant writes, by seed
	@$(BIN)/pytest -m chaos --timeout=0 tests/chaos $(ARGS)

coverage: .venv/.dev ## write docs/coverage.md from what the last run of the suites showed
	@$(BIN)/python scripts/coverage.py $(ARGS)

bench: .venv/.bench ## ratios against baselines that are measured in the same run
	@$(BIN)/pytest -m bench -s --timeout=0 tests/bench $(ARGS)

check: lint type contract test ## everything that a change must pass

release: lint type contract ## make the present contracts the ones that later changes are compared with
	@$(BIN)/python scripts/contract_diff.py --release

clean: ## remove what was installed, built and cached; .mesh/ with its data stays
	@rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup lock up down gen gen-check docs lint type contract test test-fast chaos coverage bench check release clean
