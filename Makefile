# The two commands a newcomer needs are `make demo` and `make test`.
PYTHON ?= python3.11
BIN := .venv/bin
FULL := .venv/.installed
LIGHT := .venv/.installed-light
BLENDERS := 4.2.23 4.5.15 5.0.1 5.2.3
LEAN_BLENDER := 4.5.15
WITHOUT_BLAS := .venvs/without-blas
DEMO := a person walks forward, then waves with the right hand

.PHONY: demo test test-fast test-window test-blenders lint bench bench-retarget bench-control weights actions extension clean

demo: $(FULL)
	@mkdir -p out
	@$(BIN)/limber generate "$(DEMO)" --seconds 6 --seed 1 --out out/demo.blend --out out/demo.png

test: $(FULL) .venvs/blender-$(LEAN_BLENDER)/.installed
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --dist loadfile --ignore tests/window
	@for script in without_torch workflow; do PYTHONPATH=. \
		.venvs/blender-$(LEAN_BLENDER)/bin/python tests/blender/$$script.py || exit 1; done
	@$(MAKE) --no-print-directory test-window

# A real Blender window on a virtual screen, by mouse and keys; the pictures lie in out/window.
# Alone on the machine, since it measures how long the window stands still.
test-window: $(FULL)
	@$(BIN)/python -m pytest -q -rs -s tests/window

test-fast: $(LIGHT)
	@$(BIN)/python -m pytest -q -m "not blender and not torch and not slow"

lint: $(LIGHT)
	@$(BIN)/ruff check .

# A numpy like Blender's own, built without BLAS, is measured too; building it takes some minutes.
bench: $(FULL) $(WITHOUT_BLAS)/.installed
	@$(BIN)/python tests/benchmarks/speed.py --without-blas $(WITHOUT_BLAS)/bin/python

bench-retarget: $(FULL)
	@PYTHONPATH=. $(BIN)/python tests/benchmarks/retarget.py --data $(DATA) --out out

bench-control: $(FULL)
	@PYTHONPATH=. $(BIN)/python tests/benchmarks/control.py --data $(DATA) --out out

# Every supported Blender in an environment that holds nothing else: the default model runs there.
test-blenders: extension $(BLENDERS:%=.venvs/blender-%/.installed)
	@for version in $(BLENDERS); do \
		PYTHONPATH=. .venvs/blender-$$version/bin/python tests/blender/without_torch.py || exit 1; \
		for script in workflow directed_workflow; do PYTHONPATH=. \
			.venvs/blender-$$version/bin/python tests/blender/$$script.py || exit 1; done; \
		LIBGL_ALWAYS_SOFTWARE=1 PYTHONPATH=. .venvs/blender-$$version/bin/python \
			tests/blender/drawn_ghost.py || exit 1; \
		BLENDER_USER_RESOURCES=$$(mktemp -d) .venvs/blender-$$version/bin/python -P \
			tests/blender/installed_extension.py dist/limber-*.zip || exit 1; \
		PYTHONPATH=. .venvs/blender-$$version/bin/python \
			tests/benchmarks/retarget.py --quick --data $(DATA) || exit 1; \
	done
	@if command -v blender >/dev/null; then \
		for script in without_torch workflow; do \
			PYTHONPATH=. blender -b --factory-startup --python-use-system-env \
				--python-exit-code 1 --python tests/blender/$$script.py || exit 1; \
		done; \
	else echo "There is no blender on the PATH: the system's own was not tried."; fi

# For Blender's Preferences > Get Extensions > Install from Disk: the self-contained zip, and the one
# that can install torch. Building needs nothing installed.
extension:
	@$(PYTHON) -m blender_addon.build_extension dist

# Everything that ships in assets/default, from the data folder (see README): some nine hours of two
# cores. Freed memory is kept: giving it back to the system doubles the time of a training step.
DATA ?= ../shared/data
RUNS ?= checkpoints
weights: $(FULL)
	$(BIN)/python -m training.prepare $(DATA) $(RUNS)/mocap
	OMP_NUM_THREADS=1 $(BIN)/python -m training.corpus $(RUNS)/corpus --mocap $(RUNS)/mocap
	MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=200000000000 $(BIN)/python -m training.train_codec \
		--mocap $(RUNS)/mocap --corpus $(RUNS)/corpus --out $(RUNS)/codec \
		--batch 32 --frames 96 --rate 8e-4 --steps 10000 --minutes 90
	OMP_NUM_THREADS=1 $(BIN)/python -m training.corpus $(RUNS)/details --mocap $(RUNS)/mocap \
		--clips 3600 --seed 8 --focus show_hand count_fingers hop kick knee_lift clap jump lunge \
		dodge punch step nod
	OMP_NUM_THREADS=1 $(BIN)/python -m training.train_codec --start-from $(RUNS)/codec --keep-codes \
		--mask-hands --mocap $(RUNS)/mocap --corpus $(RUNS)/details $(RUNS)/corpus \
		--out $(RUNS)/decoder --batch 32 --real-share 0.35 --rate 6e-4 --steps 5000 --minutes 40
	OMP_NUM_THREADS=1 $(BIN)/python -m training.tokens --codec $(RUNS)/codec \
		--mocap $(RUNS)/mocap --corpus $(RUNS)/corpus --out $(RUNS)/tokens
	MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=200000000000 $(BIN)/python -m training.train_token_model \
		--codec $(RUNS)/codec --tokens $(RUNS)/tokens --out $(RUNS)/token_model \
		--stage alignment --rate 8e-4 --steps 3000 --minutes 90
	MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=200000000000 $(BIN)/python -m training.train_token_model \
		--codec $(RUNS)/codec --tokens $(RUNS)/tokens --out $(RUNS)/token_model \
		--stage instruction --share real=0.08 --rate 5e-4 --steps 12000 --minutes 240
	OMP_NUM_THREADS=1 $(BIN)/python -m training.train_planner --codec $(RUNS)/codec \
		--tokens $(RUNS)/tokens --out $(RUNS)/planner --steps 18000 --minutes 240
	OMP_NUM_THREADS=1 $(BIN)/python -m training.train_reader --codec $(RUNS)/codec \
		--tokens $(RUNS)/tokens --out $(RUNS)/reader --minutes 30
	$(BIN)/python -m training.export --codec $(RUNS)/decoder --token-model $(RUNS)/token_model \
		--planner $(RUNS)/planner --reader $(RUNS)/reader --out assets/default

# The list of known actions that completes prompts, from the grammar's wording.
actions: $(FULL)
	@$(BIN)/python -m training.action_list

clean:
	rm -rf .venv .venvs build dist out *.egg-info .pytest_cache .ruff_cache .hypothesis

# Stamps: nothing is installed twice, unless what is asked for has changed.
$(FULL): pyproject.toml constraints.txt | .venv
	@echo "Installing Limber with torch and Blender into .venv (once; a few minutes)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		-c constraints.txt -e ".[blender,training,test]"
	@touch $(LIGHT) $@

$(LIGHT): pyproject.toml constraints.txt | .venv
	@echo "Installing Limber for its fast tests into .venv (once)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		-c constraints.txt -e ".[sheets,test]"
	@touch $@

.venv:
	@command -v $(PYTHON) >/dev/null || { \
		echo "limber: $(PYTHON) is not installed; get Python 3.11 or run make PYTHON=..." >&2; \
		exit 2; }
	@$(PYTHON) -m venv .venv

# Blender 5.1 and later are made for Python 3.13, those before for 3.11.
.venvs/blender-%/.installed:
	@case $* in 4.*|5.0.*) python=python3.11;; *) python=python3.13;; esac; \
	command -v $$python >/dev/null || { \
		echo "limber: Blender $* needs $$python; install it first" >&2; exit 2; }; \
	$$python -m venv $(@D) && $(@D)/bin/pip install -qq --disable-pip-version-check bpy==$*
	@touch $@

$(WITHOUT_BLAS)/.installed:
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install -qq --disable-pip-version-check --no-binary numpy \
		-Csetup-args=-Dblas=none -Csetup-args=-Dlapack=none numpy==1.26.4
	@touch $@
