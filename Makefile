# Set-up and daily commands. `make` alone lists them.
#
#   make demo PYTHON=python3.12          from another Python (3.11 or later)
#   make demo PORT=9000 HOST=0.0.0.0     where the demo listens; PUBLIC_URL=http://… if people call it otherwise
#   make demo EXTRAS=                    without PyTorch: similar proposals by letters alone
#   make test TESTS=tests/votes ARGS=-x  some tests, and more options for pytest

PYTHON    ?= python3
HOST       = 127.0.0.1
PORT      ?= 8000
PUBLIC_URL = http://$(HOST):$(PORT)
EXTRAS     = meaning
TESTS      = tests
ARGS       =

export PYTHON
BIN       := .venv/bin
FLASK     := $(BIN)/flask --app wsgi
DEMO      := $(CURDIR)/instance/demo.sqlite3
DEMO_ENV  := DEMO=1 INSTANCE='$(CURDIR)/instance' DATABASE_URL='sqlite:///$(DEMO)' PUBLIC_URL='$(PUBLIC_URL)'
# Each test process has its own PostgreSQL, Redis and browser; the tests of a file share the sites it starts. Three for two
# processors: much of a journey is waiting for a page.
PARALLEL  := -n 3 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick bench bench-similarity lint translations clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

demo: ## install, migrate, load the demo, and start the site on http://127.0.0.1:8000
	@tools/environment $(EXTRAS)
	@mkdir -p instance
	@$(DEMO_ENV) $(FLASK) db upgrade
	@$(DEMO_ENV) $(FLASK) demo load
	@printf '  Ctrl-C stops the site.\n\n'
	@$(DEMO_ENV) exec $(BIN)/gunicorn --config python:consulta.serving --no-control-socket \
		--workers 2 --threads 4 --bind '$(HOST):$(PORT)' wsgi:app

test: ## install everything and run every test: both databases, Redis, browser
	@tools/system-packages postgresql redis-server chromium-headless-shell
	@tools/environment meaning test
	@$(BIN)/python -m pytest $(PARALLEL) $(ARGS) $(TESTS)

test-quick: ## the tests that need neither PostgreSQL nor Redis nor a browser
	@tools/environment meaning test
	@$(BIN)/python -m pytest $(PARALLEL) --quick $(ARGS) $(TESTS)

bench: ## print the figures of benchmarks/
	@tools/system-packages postgresql redis-server
	@tools/environment meaning test
	@$(BIN)/python -m benchmarks

bench-similarity: ## how fast and how well similar proposals are found (ARGS="--sizes 1000 5000" takes minutes)
	@tools/environment meaning test
	@$(BIN)/python -m benchmarks.similarity $(ARGS)

lint: ## check style and layout of the code
	@tools/environment meaning test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

translations: ## gather the texts of code and templates, and compile the catalogues
	@tools/environment meaning test
	@mkdir -p instance
	@$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k lazy_ngettext:1,2 --add-location file -o instance/messages.pot .
	@$(BIN)/pybabel -q update -i instance/messages.pot -d consulta/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d consulta/translations

clean: ## remove the environment, the demo's rows and whatever tests left
	@rm -rf .venv .venv.lock instance/demo.sqlite3* instance/mail dist build .pytest_cache .ruff_cache .hypothesis screenshots
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
