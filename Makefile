# The commands of a checkout. Each sets up what it needs in .venv and .cache and changes nothing outside the
# checkout; a second run finds all of it done. Works without root, and without Node.js on the machine.
#
#   make demo        show the main job from end to end
#   make lab         JupyterLab with the demo's store
#   make test        every check and test that takes seconds
#   make test-long   the tests that take minutes
#   make bench       comparisons with other tools
#   make docs        the user's guide, as HTML
#   make format      put source files into their usual form
#   make clean       remove what was made, but not .venv

VENV := $(CURDIR)/.venv
CACHE := $(CURDIR)/.cache
STAMPS := $(VENV)/.stamps
PYTHON_IN := $(VENV)/bin/python
LABEXTENSION := jupyter_envstore/labextension

export PATH := $(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

# What jupyter-scheduler and jupytext add to JupyterLab. They are installed to be tested with; the demo goes without.
OTHERS := $(addprefix etc/jupyter/jupyter_server_config.d/,jupyter_scheduler.json jupytext.json) \
	$(addprefix share/jupyter/labextensions/,@jupyterlab/scheduler jupyter_scheduler jupyterlab-jupytext)

SOURCES := $(shell find src style schema -type f -not -path '*/__tests__/*' 2>/dev/null)
DEMO_ENVIRONMENT = JUPYTER_ENVSTORE_DIR=$(CURDIR)/.demo/store JUPYTER_DATA_DIR=$(CURDIR)/.demo/jupyter/data \
	JUPYTER_CONFIG_DIR=$(CURDIR)/.demo/jupyter/config JUPYTER_RUNTIME_DIR=$(CURDIR)/.demo/jupyter/runtime \
	IPYTHONDIR=$(CURDIR)/.demo/ipython MPLCONFIGDIR=$(CURDIR)/.demo/matplotlib
ROOT_FLAG = $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

.PHONY: demo lab test test-long bench docs format clean setup \
	check-python check-front-end test-front-end test-python test-ui

demo: setup
	$(PYTHON_IN) tools/demo.py

lab: setup
	@[ -d .demo/store ] || echo "The store is empty: 'make demo' puts an environment into it."
	@mkdir -p .demo/jupyter/config
	$(DEMO_ENVIRONMENT) jupyter lab $(ROOT_FLAG) --ServerApp.root_dir=$(CURDIR)/examples \
		--EnvStore.conda_environments_file=$(CURDIR)/.demo/conda/environments.txt

test: check-python check-front-end test-front-end test-python test-ui

test-long: setup
	$(PYTHON_IN) -m pytest -m long --timeout 1800

bench: setup
	@missed=; for program in benchmarks/[a-z]*.py; do \
		echo "== $$program"; $(PYTHON_IN) "$$program" || missed="$$missed $$program"; echo; done; \
	[ -z "$$missed" ] || echo "Goals missed or programs failed:$$missed"

docs: $(STAMPS)/docs
	$(PYTHON_IN) -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

format: setup $(STAMPS)/node_modules
	ruff format .
	ruff check --fix .
	jlpm lint

clean:
	rm -rf lib $(LABEXTENSION) coverage docs/_build tsconfig.tsbuildinfo .eslintcache .stylelintcache $(STAMPS) $(CACHE) \
		ui-tests/test-results ui-tests/screenshots

# ---------------------------------------------------------------- the parts of `make test`

check-python: setup
	ruff format --check .
	ruff check .
	mypy
	$(PYTHON_IN) tools/generate_types.py --check

check-front-end: $(STAMPS)/node_modules
	! grep -n '__archive[U]rl' yarn.lock ui-tests/yarn.lock
	jlpm tsc -p tsconfig.test.json
	jlpm lint:check

test-front-end: $(STAMPS)/node_modules
	jlpm test

# A file's tests stay together, since they share what they build.
test-python: setup
	$(PYTHON_IN) -m pytest -m "not long" -n logical --maxprocesses 4 --dist loadfile

# Free ports each time, so that two checkouts can be tested at once.
test-ui: setup $(STAMPS)/ui-tests $(STAMPS)/chromium
	$(PYTHON_IN) tools/local_channel.py --output $(CACHE)/channel
	@mkdir -p $(CACHE)/ui-tests/home
	cd ui-tests && HOME=$(CACHE)/ui-tests/home ENVSTORE_CHROMIUM=$(CACHE)/chromium/chromium \
		ENVSTORE_UI_PORT=$$($(PYTHON_IN) $(CURDIR)/tools/setup/free_ports.py) \
		jlpm test

# ---------------------------------------------------------------- what the commands need; a stamp says that it is done

setup: $(STAMPS)/python $(STAMPS)/labextension

$(STAMPS)/venv:
	sh tools/setup/venv.sh "$(VENV)"
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/node: $(STAMPS)/venv
	sh tools/setup/node.sh "$(VENV)"
	@touch $@

# The front end is built by a step of its own below, where its stamp can see what changed; so it is left out here.
# The link to it has to go first: pip would write through it.
$(STAMPS)/python: pyproject.toml package.json hatch_build.py | $(STAMPS)/venv $(STAMPS)/node
	rm -rf $(VENV)/share/jupyter/labextensions/jupyter-envstore
	mkdir -p $(LABEXTENSION)
	SKIP_JUPYTER_BUILDER=1 $(PYTHON_IN) -m pip install --quiet -e '.[dev]'
	cd $(VENV) && rm -rf $(OTHERS)
	@rm -f $(STAMPS)/labextension
	@touch $@

$(STAMPS)/node_modules: package.json yarn.lock .yarnrc.yml $(STAMPS)/python
	jlpm install --immutable
	@touch $@

# What was compiled of a module that is a folder now would be found before that folder.
$(STAMPS)/labextension: $(SOURCES) tsconfig.json $(STAMPS)/node_modules $(STAMPS)/python
	@find src -type d | sed 's/^src/lib/' | while read -r folder; do rm -f "$$folder".js "$$folder".js.map "$$folder".d.ts; done
	jlpm build
	jupyter-builder develop --overwrite .
	@touch $@

$(STAMPS)/ui-tests: ui-tests/package.json ui-tests/yarn.lock $(STAMPS)/python
	cd ui-tests && jlpm install --immutable
	@touch $@

$(STAMPS)/chromium: tools/setup/chromium.sh $(STAMPS)/python
	sh tools/setup/chromium.sh "$(CACHE)/chromium"
	@touch $@

$(STAMPS)/docs: docs/requirements.txt $(STAMPS)/python
	$(PYTHON_IN) -m pip install --quiet -r docs/requirements.txt
	@touch $@
