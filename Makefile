# Each target sets up all it needs from python3 alone; what is installed stays in $(VENV).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What pytest has compiled is there for the next run of it, wherever this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-corpus test-cifar10 test-cluster test-bench bench lint docs package clean

demo: $(VENV)/.train,report
	$(BIN)/chainrule demo

# Compiled beforehand, as pip does it: else every process that a test starts compiles all of it anew, where Python may
# not write what it has compiled.
test: $(VENV)/.test
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m pytest -n auto --dist worksteal

# Every wrong program of the corpus with its cause and line, of which the suite has an eighteenth; all pairs of bugs;
# every hostile program, of which it has a sixth; every forged one, every wrong program with an adapter of its own, every
# mistake of a recurrent net and of the catalogue, of which it has a third; every convention of arrays, of which it has
# half; every twin of a program in a style of its own, of which it has the first; nets of classes and of images with
# every mistake, of which it has a few.
test-corpus: $(VENV)/.test
	$(BIN)/python -m pytest -m corpus -n auto --dist worksteal tests/gradcheck

# Needs CIFAR-10 in CHAINRULE_DATA.
test-cifar10: $(VENV)/.test
	$(BIN)/python -m pytest -m cifar10 tests/test_cifar10.py tests/data

# The tests that need Ray, on clusters of nodes on this machine.
test-cluster: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --editable '.[ray]'
	$(BIN)/python -m pytest -m cluster tests/work

# Beside PyTorch, JAX and scikit-learn, and beside the commit START, in an environment of its own; on a quiet machine,
# most of an hour. It goes on where it stopped.
BENCH_VENV ?= .venv-bench
BENCH_OUT ?= runs/bench
bench: $(BENCH_VENV)/.bench
	$(BENCH_VENV)/bin/python benchmarks/training/take.py --out $(BENCH_OUT) $(if $(START),--start $(START))
	$(BENCH_VENV)/bin/python benchmarks/training/page.py $(BENCH_OUT)/*.json --figure $(BENCH_OUT)/comparison.svg

# The tests that need PyTorch and JAX, in the environment of the benchmarks.
test-bench: $(BENCH_VENV)/.bench
	$(BENCH_VENV)/bin/python -m pytest -m bench tests/test_torch_jax.py tests/nets tests/contract tests/benchmark

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# The documentation as a site; a link that leads nowhere fails.
docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "the site is in site; to read it: $(BIN)/python -m http.server --directory site"

# Wheel and sdist, each tried in a fresh environment.
package: $(VENV)/.dev
	.ci/package

$(VENV)/.%: pyproject.toml constraints.txt
	@echo "installing chainrule[$*] into $(VENV); the first time packages are downloaded (docs/install.md has their sizes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --editable '.[$*]'
	@touch $@
	@echo "installed: $(VENV) holds $$(du -sm $(VENV) | cut -f1) MB"

$(BENCH_VENV)/.bench: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --editable '.[bench]'
	touch $@

clean:
	rm -rf $(VENV) $(BENCH_VENV) dist site
