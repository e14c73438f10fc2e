# make reproduce: everything, from nothing. make test: the tests, from nothing.
PYTHON ?= python3
BIN := .venv/bin

# Nothing is written outside this folder: caches of Snakemake, Matplotlib and others, and temporary files.
export XDG_CACHE_HOME := $(CURDIR)/.cache
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
export TMPDIR := $(CURDIR)/.cache/tmp

.NOTPARALLEL:
.PHONY: FORCE reproduce data test test-browser test-cluster test-fresh test-all bench bench-scale readme pictures literature lint format clean

# The study of config.yaml, or of another file: make reproduce CONFIG=config/tiny.yaml
CONFIG ?= config.yaml
reproduce: .venv/run.stamp
	$(BIN)/snakemake --cores all --configfile $(CONFIG)

# A dataset of the study: a sheet of samples, and how many images a class has.
# make data DATASET=mini-mnist
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
	env -u TMPDIR $(BIN)/pytest tests/cluster -m cluster  # daemons of other users start there

# On a minimal Debian 13 in a folder, as an ordinary user; needs root.
test-fresh: .venv/test.stamp
	@command -v debootstrap > /dev/null || { echo "found no debootstrap: apt-get install debootstrap" >&2; exit 1; }
	$(BIN)/pytest tests/fresh -m fresh

bench: .venv/test.stamp
	$(BIN)/python bench/bench.py

# Time and memory against the number of images, to all 60,000 of MNIST; see config/mnist.yaml.
bench-scale: .venv/test.stamp
	$(BIN)/python bench/growth.py

# Numbers and figures of the README and of docs, from the results of make reproduce.
readme: .venv/run.stamp
	$(BIN)/python docs/readme.py

# The README's pictures, from those results too; the page's needs Chromium.
pictures: .venv/run.stamp
	$(BIN)/python docs/pictures.py

# docs/literature.md, from the results of the studies of MNIST.
literature: .venv/run.stamp
	$(BIN)/python docs/literature.py

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/python docs/pages.py --check
	$(BIN)/mypy
	$(BIN)/python tests/lint.py
	$(BIN)/bandit --quiet --recursive fewpixels scripts
	$(BIN)/python tests/audit.py

format: .venv/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow
	$(BIN)/python docs/pages.py

# Removes everything that was made, the environment included.
clean:
	for sum in data/.*.npz.sha256; do name=$${sum#data/.}; rm -f "data/$${name%.sha256}" "$$sum"; done
	rm -rf .cache .venv .snakemake benchmarks logs data/downloads results/*/

# .venv for a run, test, browser or cluster: install.py looks whether it is up to date.
.venv/%.stamp: FORCE
	@command -v "$(PYTHON)" > /dev/null || \
	  { echo "found no $(PYTHON), expected Python 3.11, 3.12 or 3.13; name one, as in make PYTHON=python3.13" >&2; exit 1; }
	@"$(PYTHON)" install.py $*
