# make reproduce: everything, from nothing. make test: the tests, from nothing.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: reproduce data test test-browser test-cluster test-all bench bench-scale costs readme literature lint format clean

reproduce: .venv/run.stamp
	$(BIN)/snakemake --cores all

# A dataset of config.yaml, or of CONFIG: a sheet of samples, and how many images a class has.
# make data DATASET=mini-mnist CONFIG=config.yaml
CONFIG ?= config.yaml
data: .venv/run.stamp
	$(if $(DATASET),,$(error DATASET is not set: make data DATASET=mini-mnist))
	$(BIN)/snakemake --cores all --configfile $(CONFIG) --quiet all -- \
	  $(addprefix results/$(DATASET)/,figures/samples.png tables/classes.md)
	@cat results/$(DATASET)/tables/classes.md
	@echo "samples: results/$(DATASET)/figures/samples.png"

# Every unit test, and those real runs of the tiny study that are not marked slow.
test: .venv/test.stamp
	$(BIN)/pytest --numprocesses 2 tests/unit
	$(BIN)/pytest --numprocesses 2 --dist worksteal tests/workflow -m "not slow"

# All of both: every kill, all that makes results stale, modules, deployment, wrong input.
test-all: .venv/test.stamp
	$(BIN)/pytest --numprocesses 2 tests/unit
	$(BIN)/pytest --numprocesses 2 --dist worksteal tests/workflow

# The page in a real browser.
test-browser: .venv/browser.stamp
	@for tool in node tsc chromium; do command -v $$tool > /dev/null || \
	  { echo "found no $$tool: apt-get install nodejs node-typescript chromium" >&2; exit 1; }; done
	$(BIN)/pytest tests/browser

# On a SLURM of two nodes on this machine, of Debian's packages; needs root.
test-cluster: .venv/test.stamp .venv/cluster.stamp
	$(BIN)/pytest tests/cluster -m cluster

bench: .venv/test.stamp
	$(BIN)/python bench/bench.py

# Time and memory against the number of images, to all 60,000 of MNIST; see config/mnist.yaml.
bench-scale: .venv/test.stamp
	$(BIN)/python bench/growth.py

# What jobs cost, fitted to the logs of finished studies here and to make bench-scale.
costs: .venv/run.stamp
	$(BIN)/python bench/costs.py

# The README's numbers and figures, from the results of make reproduce.
readme: .venv/test.stamp
	$(BIN)/python docs/readme.py

# docs/literature.md, from the results of the studies of MNIST.
literature: .venv/test.stamp
	$(BIN)/python docs/literature.py

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/snakemake --lint
	$(BIN)/bandit --quiet --recursive fewpixels scripts
	$(BIN)/python tests/audit.py

format: .venv/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

# Removes everything that was made, the environment included.
clean:
	for sum in data/.*.npz.sha256; do name=$${sum#data/.}; rm -f "data/$${name%.sha256}" "$$sum"; done
	rm -rf .venv .snakemake benchmarks logs data/downloads results/*/

.venv/run.stamp: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.txt
	touch $@

.venv/test.stamp: .venv/run.stamp requirements-test.txt
	$(BIN)/pip install --quiet --requirement requirements-test.txt
	touch $@

.venv/browser.stamp: .venv/test.stamp requirements-browser.txt
	$(BIN)/pip install --quiet --requirement requirements-browser.txt
	touch $@

.venv/cluster.stamp: .venv/run.stamp requirements-cluster.txt
	$(BIN)/pip install --quiet --requirement requirements-cluster.txt
	touch $@
