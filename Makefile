# Customer Patterns. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell for v in 3.13 3.12 3.11; do command -v python$$v >/dev/null 2>&1 && python$$v -c '' 2>/dev/null && { echo python$$v; break; }; done || true)
ifeq ($(PYTHON),)
PYTHON := python3
endif
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup reports test lab bench faults laboratory rerun notebooks dictionary lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

# The environment is made once, from the hashes in requirements.lock; a second call installs nothing.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"Customer Patterns needs Python 3.11 to 3.13, this is {v[0]}.{v[1]}: call make PYTHON=python3.12")'
	@echo "Setting up in $(VENV) with $$($(PYTHON) --version); the first time this takes a few minutes …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(READY)
	@echo "Set up."

setup: $(READY) ## make the environment in .venv

reports: $(READY) ## build a study and its pages: STUDY=… AS_OF=2017-09-30 LANGUAGE=en
	@$(BIN)/python -m customer_patterns reports $(if $(STUDY),--study "$(STUDY)") $(if $(AS_OF),--as-of "$(AS_OF)") $(if $(LANGUAGE),--language "$(LANGUAGE)")

test: $(READY) ## lint, floors, tests, and every number in the notebooks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2 --dist loadfile

lab: $(READY) ## open JupyterLab
	@$(BIN)/jupyter lab --notebook-dir .

bench: $(READY) ## measure speed and memory: only=backbone, intake, mining, segments, outlook, satisfaction or identity
	@$(BIN)/python -m tests.benchmarks $(if $(only),--only "$(only)")

faults: $(READY) ## what bad input gets: only=…
	@$(BIN)/python -m tests.faults $(if $(only),--only "$(only)")

laboratory: $(READY) ## score the methods on planted truth: only=…
	@$(BIN)/python -m customer_patterns.laboratory $(if $(only),--only "$(only)")

rerun: $(READY) ## rebuild a study as a scheduler does: STUDY=… AS_OF=…
	@$(BIN)/python -m customer_patterns rerun $(if $(STUDY),--study "$(STUDY)") $(if $(AS_OF),--as-of "$(AS_OF)") $(if $(LANGUAGE),--language "$(LANGUAGE)")

notebooks: $(READY) ## run the notebooks on the default study and store their text outputs
	@$(BIN)/python -m customer_patterns store-outputs

dictionary: $(READY) ## write the data dictionary into data/README.md
	@$(BIN)/python -m customer_patterns dictionary

lock: ## resolve requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra test --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements.lock

clean: ## remove the environment and everything that was built
	rm -rf $(VENV) data/runs reports/*/ reports/index.html
