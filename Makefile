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

dev: .venv/.dev ## start the mesh, and restart what a change of code touches until Ctrl-C
	@$(BIN)/mesh up --watch $(ARGS)

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

# Side by side, whatever shares a mesh in one process; afterwards what measures, alone.
BESIDE := -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder
NEVER := not bench and not external and not chaos
test: .venv/.dev ## run every suite but bench, long chaos and external; ARGS=... for some tests, in one process
ifeq ($(ARGS),)
	@rm -f build/failed.txt
	@echo "NOT RUN: what needs Chromium or packages of npm; make test-external does."
	@status=0; \
		$(BIN)/pytest $(BESIDE) -m "$(NEVER) and not alone" || status=$$?; \
		$(BIN)/pytest -m "$(NEVER) and alone" || status=$$(($$? > $$status ? $$? : $$status)); \
		test $$status -le 1 || rm -f build/failed.txt; exit $$status
else
	@$(BIN)/pytest $(ARGS)
endif

AGAIN := 8
test-external: .venv/.dev ## the suites that need Chromium or packages of npm; what is not there is skipped with the reason
	@$(BIN)/pytest -m external -p no:randomly -rs $(ARGS)

test-again: .venv/bin/pip ## run what failed once more, alone, if that was little: busy machines make tests run out of time
	@test -s build/failed.txt || { echo "No test is known to have failed."; exit 1; }
	@sort -u build/failed.txt > build/again.txt; rm build/failed.txt; echo "run again:"; cat build/again.txt
	@test $$(wc -l < build/again.txt) -le $(AGAIN) || { echo "That is more than the machine's mood."; exit 1; }
	@$(BIN)/pytest -p no:randomly -m "$(NEVER)" @build/again.txt

test-fast: .venv/.dev ## a subset of the suites, within a minute
	@$(BIN)/pytest $(BESIDE) -m "$(NEVER) and not slow" $(ARGS)

SEEDS ?= 100
FROM ?= 21
chaos: .venv/.dev ## break the mesh under its clients by SEEDS=100 seeds FROM=21; a failing one is replayed by SEEDS=1
	@$(BIN)/pytest -m chaos --timeout=0 tests/chaos/test_seeds.py --seeds $(SEEDS) --from $(FROM) $(ARGS)

traffic: .venv/.dev ## disturb a mesh that answers 200 calls a second, five times for a minute each
	@$(BIN)/pytest -m chaos -s --timeout=0 tests/traffic $(ARGS)

coverage: .venv/.dev ## write docs/coverage.md from what the last run of the suites showed
	@$(BIN)/python scripts/coverage.py $(ARGS)

bench: .venv/.bench ## ratios against baselines that are measured in the same run
	@$(BIN)/pytest -m bench -s --timeout=0 tests/bench tests/journeys/test_backlog.py $(ARGS)

check: lint type contract test ## everything that a change must pass

release: lint type contract ## make the present contracts the ones that later changes are compared with
	@$(BIN)/python scripts/contract_diff.py --release

clean: ## remove what was installed, built and cached; .mesh/ with its data stays
	@rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup lock up dev down gen gen-check docs lint type contract test test-external test-again test-fast chaos traffic coverage bench check release clean
