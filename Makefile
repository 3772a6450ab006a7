# Each target sets up all it needs from python3 alone; what is installed stays in $(VENV).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-cifar10 lint clean

demo: $(VENV)/.report
	$(BIN)/chainrule demo

test: $(VENV)/.test
	$(BIN)/python -m pytest

# Needs CIFAR-10 in CHAINRULE_DATA.
test-cifar10: $(VENV)/.test
	$(BIN)/python -m pytest -m cifar10

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

$(VENV)/.%: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[$*]'
	touch $@

clean:
	rm -rf $(VENV)
