# `make help` lists what a person runs. Everything is set up on the first call and again when a lock file changes.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help setup demo serve check test bench programs lighthouse format screenshots

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.run ## install what Linli needs into .venv (demo, serve and test do it themselves)

$(VENV)/.run: locks/run.txt locks/node.txt package-lock.json pyproject.toml tools/setup.sh
	@sh tools/setup.sh run "$(PYTHON)"

$(VENV)/.dev: $(VENV)/.run locks/dev.txt
	@sh tools/setup.sh dev "$(PYTHON)"

demo: $(VENV)/.run ## fill 柳树社区 and serve it at http://127.0.0.1:8000 (PORT=… for another port)
	@LINLI_DEMO=1 LINLI_DATA=$(CURDIR)/var/demo LINLI_ADDRESS=http://127.0.0.1:$(PORT) $(BIN)/linli demo --port $(PORT)

serve: $(VENV)/.run ## serve your own data (docs/deployment.md)
	@$(BIN)/linli migrate --no-input -v 0
	@$(BIN)/linli collectstatic --no-input -v 0
	@$(BIN)/linli serve --port $(PORT)

check: $(VENV)/.dev ## floors, style, types, templates, migrations, shape
	@sh tools/check.sh

programs: $(VENV)/.dev
	@sh tools/programs.sh

test: programs ## everything, on SQLite and PostgreSQL, browser journeys included
	@sh tools/test.sh

bench: $(VENV)/.dev ## measure, and write docs/benchmarks.md (BENCH="--sizes 10000 --rounds 1" for a short look)
	@$(BIN)/python -m bench $(BENCH)

screenshots: programs ## take the pictures of docs/pictures from the demo
	@$(BIN)/python tools/screenshots.py

lighthouse: $(VENV)/.dev ## measure three pages of a running demo as a throttled phone would
	@sh tools/lighthouse/measure.sh http://127.0.0.1:$(PORT)

format: $(VENV)/.dev ## put the code in order
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix -q .
