# `make` alone lists the targets. Every target installs and builds what it needs first.

BIN := node_modules/.bin
RUN := node --import tsx
DEMO := node dist/host/cli/main.js emulate boards/networks/pump.json \
	--traitor c=equivocate --cycles 10

# npm writes this file last, and copies the lock file into it.
INSTALLED := node_modules/.package-lock.json

# One file stands for all that are compiled with it.
MODULES := dist/firmware/index.js
ES5 := dist/es5/index.js
MODULE := dist/espruino/tagma.min.js

# Directories are listed too: one changes when a file in it comes or goes.
FIRMWARE := $(shell find firmware -type d -o -name '*.ts' -o -name '*.json')
HOST := $(shell find host -type d -o -name '*.ts' -o -name '*.json')
TESTS := $(shell find test -name '*.test.ts' | LC_ALL=C sort)
# What takes long, or has to do with real time; and the tests that make more random runs when told.
SOAK := $(shell find test -name '*.soak.ts' | LC_ALL=C sort)
RANDOM := $(shell grep -lE '^import .*\b(QUICK|runs)\b.* from ".*random.js"' $(TESTS))
# A process has several files of a folder, and bundles are made once by content.
tests = groups=$$($(RUN) test/groups.ts $(1)) && $(RUN) --import ./test/keep-bundles.ts \
	--test --test-reporter=spec --test-concurrency=2 $$groups
# How much of a campaign there is in it: millions of ballots, and inputs that are nearly right.
MILLIONS ?= 0.2
INPUTS ?= 300

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help build demo test soak lint check bench size cost prices dialect leaders compare flp duel weakened leaders-cost growth map \
	espruino mutants fuzz pack clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: build ## four boards agree while one lies
	@$(DEMO)

test: build ## run the tests: minutes
	@$(call tests,$(TESTS))

soak: build ## run what is long: real time, more random runs, a campaign of ballots, fuzzing
	@export TAGMA_SOAK=1 && $(call tests,$(SOAK) $(RANDOM))
	@$(RUN) test/campaign.ts $(MILLIONS)
	@$(RUN) test/fuzz.ts $(INPUTS)

lint: check ## check the types, then the habits
	@$(BIN)/oxlint --type-aware --deny-warnings --report-unused-disable-directives firmware host test

check: $(INSTALLED) ## check the types
	@$(BIN)/tsc --noEmit -p .

build: $(MODULES) $(ES5) $(MODULE) ## compile to dist/: modules for Node, and ES5 for the boards

bench: build ## measure decisions and cycles a second; AGAINST=COMMIT compares
	@$(RUN) test/bench/bench.ts
	@$(RUN) test/bench/signatures.ts

size: build ## print the bytes of bundles and arenas
	@$(RUN) test/size.ts

cost: build ## count what a cycle makes the Espruino execute that ESPRUINO names, under valgrind
	@$(RUN) test/cost/cost.ts

prices: build ## count dearest beacons and frames under valgrind, and fit what plans work with to them
	@$(RUN) test/cost/prices.ts && $(RUN) test/recommended.ts

dialect: build ## ask the Espruino that ESPRUINO names how its builtins behave, and keep that
	@$(RUN) test/dialect/ask.ts

growth: build ## measure and plan networks of 3 to 31 boards, as a table and a picture
	@$(RUN) test/growth.ts docs/growth.svg docs/growth.md

leaders: build ## measure what lying leaders cost, and draw it
	@$(RUN) test/leaders.ts boards/networks/leaders.svg

compare: build ## run one network under each algorithm that fits it, and draw that
	@node dist/host/cli/main.js compare boards/networks/desk.json --svg boards/networks/compare.svg

flp: build ## draw what one late message does to a ballot
	@node dist/host/cli/main.js emulate boards/networks/press.json --traitor d=silent \
		--adversary flp@0-5 --cycles 8 --svg docs/flp.svg

leaders-cost: build ## count what each algorithm takes at its smallest n on the Espruino that ESPRUINO names
	@$(RUN) test/cost/algorithms.ts

weakened: $(INSTALLED) ## take rules out of views and Paxos, and say how soon that is missed
	@$(RUN) test/weakened.ts

duel: build ## draw how proposers without leases overtake each other
	@$(RUN) test/duel.ts docs/duel.svg

map: $(INSTALLED) ## draw the folders, and what imports from what
	@$(RUN) test/map.ts docs/map.svg

espruino: build ## run every example network and two options together on the Espruino that ESPRUINO names
	@$(RUN) test/espruino/all.ts

mutants: build ## break the core in many small ways, each of which a test must notice
	@$(RUN) test/mutants.ts

fuzz: build ## throw 2,000 inputs at the command line that are nearly right
	@$(RUN) test/fuzz.ts

pack: build ## make the npm package
	@npm pack --loglevel=error

clean: ## remove what was built
	rm -rf dist tagma-*.tgz node_modules/.cache/tagma

# Not `npm ci`: it refuses a lock file that lacks another platform's optional packages, which a registry
# need not have. This keeps to the lock, checksums included, and does not write it; that the lock is that
# of package.json is for test/tidy.test.ts to see.
$(INSTALLED): package-lock.json
	@npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

# Compiled aside and then moved, so that files whose source is gone go too, and a failure leaves what
# was. The target is dated back, lest a source that changed meanwhile be taken for compiled.
# Arguments: the configuration, where the output belongs, the directories to move.
define compile
	@mkdir -p dist
	@next=$$(mktemp -d dist/next.XXXXXX) && trap 'rm -rf "$$next"' EXIT && touch "$$next/start" && \
		$(BIN)/tsc -p $(1) --outDir "$$next$(2:dist%=%)" && \
		touch -r "$$next/start" "$$next$(@:dist%=%)" && \
		for each in $(3); do rm -rf "dist/$$each" && mv "$$next/$$each" dist/ || exit; done
endef

$(MODULES): $(INSTALLED) tsconfig.json $(HOST) $(FIRMWARE)
	$(call compile,host/tsconfig.build.json,dist,host firmware)
	@chmod +x dist/host/cli/main.js

$(ES5): $(INSTALLED) tsconfig.json $(FIRMWARE)
	$(call compile,firmware/tsconfig.es5.json,dist/es5,es5)

define MAKE_MODULE
import { espruinoModule } from "./dist/host/bundle/module.js";
process.stdout.write(await espruinoModule());
endef
export MAKE_MODULE

# What `require("tagma")` gives in Espruino's own tools.
$(MODULE): $(MODULES) $(ES5)
	@mkdir -p $(@D) && node --input-type=module -e "$$MAKE_MODULE" > $@.part && mv $@.part $@
