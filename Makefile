# What one does with this project without an AWS account. `make` alone lists it.
STACK ?= small

ROOMS ?= 100
USERS ?= 10

PULUMI := offline/pulumi
# VERBOSE=yes shows what Pulumi itself prints.
SHOWN := $(if $(filter yes,$(VERBOSE)),$(PULUMI),node --require ./typescript.cjs offline/terminal/main.ts)
AS_JSON := $(if $(filter yes,$(JSON)),--json)
FORECAST := node --require ./typescript.cjs forecast/main.ts
# A misspelt word would be ignored, and something else be done.
WORDS := STACK ROOMS USERS MESSAGES SETTINGS TABLE COMPARE HABITS DIFF CURVE FORMAT RESULTS OPTIONS NAME NAMES FROM IMAGE NEXT \
	SOURCE REGION BUDGET HOURS RECORD REMOVE SHARE DURATION CHATPOP_SOURCE ONLY SAMPLE ROUNDS ROWS SOURCE_URL PULUMI
FLAGS := VERBOSE JSON OFFLINE UNPROTECT APPLY UNTIL HISTORY YES
TYPED := $(foreach word,$(.VARIABLES),$(if $(filter command,$(origin $(word))),$(word)))
like = $(firstword $(filter $(1)%,$(WORDS) $(FLAGS)))
$(foreach word,$(filter-out $(WORDS) $(FLAGS) SHELL,$(TYPED)),$(error $(word) is nothing that this Makefile reads.$(if \
	$(call like,$(word)), Did you mean $(call like,$(word))?) Allowed: $(sort $(WORDS) $(FLAGS)), each as NAME=value))
$(foreach word,$(filter $(FLAGS),$(TYPED)),$(if $(filter-out yes,$($(word))),$(error $(word) is "$($(word))". Allowed: yes. Type: $(word)=yes, or leave it out)))

# Before packages are fetched and programs begin.
ONE_OF := node --require ./typescript.cjs offline/oneOf.ts
given = $(if $(2),'$(1)=$(2)')
PACKAGES := node_modules/.package-lock.json
SITE_PACKAGES := site/node_modules/.package-lock.json
# Commands that a person may want now, for the stack in hand; a program that reads the output gets none.
on = $(if $(filter-out small,$(STACK)), STACK=$(STACK))
next = $(if $(filter yes,$(JSON))$(filter json csv markdown,$(FORMAT)),@:,@echo "Next: $(1)")
# package.json says which Node runs the commands; the AWS SDK need not.
export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED := true

.DEFAULT_GOAL := help
.PHONY: help acceptance adopt audit up preview example down recover doctor engine test test-all test-unit faults benchmark image-build lint bootstrap clean distclean loadtest plan cost report prices site

help: ## This list
	@echo "make <target> [STACK=small|medium|large]"
	@awk -F ' *:.*## *' '/^[a-z-]+:.*##/ { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(PACKAGES) ## Deploy the stack to the embedded AWS, checked by the policy pack: [VERBOSE=yes] [JSON=yes] [OPTIONS="--target …"]
	@$(SHOWN) up --yes --stack "$(STACK)" --policy-pack policy $(AS_JSON) $(OPTIONS)

preview: $(PACKAGES) ## Show what `up` would change, and how the policy rules come out: [VERBOSE=yes] [JSON=yes] [RESULTS=folder] [OPTIONS=""]
	@$(if $(RESULTS),POLICY_RESULTS="$(abspath $(RESULTS))") $(SHOWN) preview --stack "$(STACK)" --policy-pack policy $(AS_JSON) $(OPTIONS)

# Its mistakes are mandatory: the preview ends with exit code 1 once it has shown them.
example: $(PACKAGES) ## Show what the policy pack says of another team's program: NAME=shop|live
	@$(ONE_OF) "make example" NAME "$(NAME)" shop live -- "those of examples/README.md have commands of their own"
	@$(PULUMI) preview --cwd "policy/examples/$(NAME)" --stack dev --policy-pack "$(CURDIR)/policy" || [ $$? -eq 1 ]
	$(call next,the pack over your own program (policy/README.md))

down: $(PACKAGES) ## Destroy the stack; a protected one needs UNPROTECT=yes
ifeq ($(UNPROTECT),yes)
	@# Not for a stack without protection, or none at all: `up` would make it first.
	@state=$$($(PULUMI) stack export --stack "$(STACK)") || exit; \
	case $$state in *'"protect": true'*) \
	$(PULUMI) config set chatpop:deletionProtection false --stack "$(STACK)" && \
	$(PULUMI) up --yes --skip-preview --stack "$(STACK)" >/dev/null;; esac
endif
	@$(SHOWN) destroy --yes --skip-preview --stack "$(STACK)" $(AS_JSON)
ifeq ($(UNPROTECT),yes)
	@# Otherwise the next `up` would find the protection still off.
	@$(PULUMI) stack rm --yes "$(STACK)" >/dev/null
endif

# On AWS: make recover STACK=medium PULUMI=pulumi
recover: $(PACKAGES) ## After an update that was cut off: say what AWS has and the state lacks; APPLY=yes takes it in
ifeq ($(PULUMI),offline/pulumi)
	@RECOVER_AGAIN='make recover STACK=$(STACK) APPLY=yes' PULUMI=$(PULUMI) offline/aws delivery/recover "$(STACK)" $(if $(filter yes,$(APPLY)),--apply)
else
	@RECOVER_AGAIN='make recover STACK=$(STACK) PULUMI=$(PULUMI) APPLY=yes' PULUMI=$(PULUMI) delivery/recover "$(STACK)" $(if $(filter yes,$(APPLY)),--apply)
endif

# `make plan ROOMS=2500 USERS=40 MESSAGES=800 SETTINGS="taskCpu=1024 taskMemory=2048" JSON=yes`
plan: $(PACKAGES) ## What ROOMS × USERS take, what gives way first, what helps: [MESSAGES=] [SETTINGS=""] [UNTIL=yes] [TABLE=100,1000] [COMPARE=""]
	@$(FORECAST) plan rooms=$(ROOMS) users=$(USERS) $(call given,messages,$(MESSAGES)) $(call given,settings,$(SETTINGS)) \
	$(call given,until,$(UNTIL)) $(call given,table,$(TABLE)) $(call given,compare,$(COMPARE)) $(call given,json,$(JSON)) $(HABITS)
	$(call next,offline/pulumi config set chatpop:rooms $(ROOMS) --stack $(STACK) · make preview$(on) · make cost$(on))

cost: $(PACKAGES) ## The bill of what STACK registers: [DIFF=large] [CURVE=day] [FORMAT=json|csv|markdown] [HABITS="talking=0.5"]
	@mkdir -p .offline
	@# The words of a failed preview are in its JSON: they are said by what reads it.
	@$(PULUMI) preview --json --show-sames --stack "$(STACK)" > .offline/cost-$(STACK).json || [ -s .offline/cost-$(STACK).json ]
ifdef DIFF
	@$(PULUMI) preview --json --show-sames --stack "$(DIFF)" > .offline/cost-$(DIFF).json || [ -s .offline/cost-$(DIFF).json ]
	@$(FORECAST) cost before=.offline/cost-$(STACK).json resources=.offline/cost-$(DIFF).json $(call given,curve,$(CURVE)) $(HABITS)
else
	@$(FORECAST) cost resources=.offline/cost-$(STACK).json $(call given,curve,$(CURVE)) $(call given,format,$(FORMAT)) $(HABITS)
endif
	$(call next,make report$(on) · make plan ROOMS=<rooms> USERS=<users of a room>)

report: $(PACKAGES) ## One page on STACK: architecture, head-room, cost, policies, alarms; .offline/report-<stack>.html
	@mkdir -p .offline && rm -f .offline/report-$(STACK).events
	@CHATPOP_RULES=json PULUMI_DEBUG_COMMANDS=1 $(PULUMI) preview --json --show-sames --stack "$(STACK)" --policy-pack policy \
	--event-log .offline/report-$(STACK).events > .offline/report-$(STACK).json || [ -s .offline/report-$(STACK).events ]
	@node --require ./typescript.cjs forecast/report/main.ts preview=.offline/report-$(STACK).json \
	events=.offline/report-$(STACK).events out=.offline/report-$(STACK).html
	$(call next,make cost$(on) · make up$(on))

# On the account of your AWS credentials; OFFLINE=yes asks the embedded AWS.
doctor: $(PACKAGES) ## What is missing before STACK can stand on your account, and what mends it: [IMAGE=] [OFFLINE=yes] [JSON=yes]
	@$(if $(filter yes,$(OFFLINE)),STACK="$(STACK)" offline/aws) node --require ./typescript.cjs doctor/main.ts "$(STACK)" $(if $(IMAGE),"--image=$(IMAGE)") $(AS_JSON)

# On the account of your AWS credentials; the script prints cost and duration, and asks, before it makes anything.
ACCEPTANCE = $(call given,image,$(IMAGE)) $(call given,next,$(NEXT)) $(call given,source,$(SOURCE)) $(call given,region,$(REGION)) \
	$(call given,budget,$(BUDGET)) $(call given,hours,$(HOURS)) $(call given,record,$(RECORD)) $(call given,yes,$(YES)) $(call given,remove,$(REMOVE))
acceptance: $(PACKAGES) ## A stack's whole way on your account, and what AWS answers: [SOURCE=../ChatPop] [BUDGET=10] [OFFLINE=yes]
ifeq ($(OFFLINE),yes)
	@PULUMI=$(CURDIR)/offline/pulumi offline/aws acceptance/run offline=yes $(ACCEPTANCE)
else
	@acceptance/run $(ACCEPTANCE)
endif

prices: $(PACKAGES) ## Fetch the prices of REGION from AWS's price list into aws/priceList.json
	@node --require ./typescript.cjs forecast/cost/refreshPrices.ts $(REGION)
	$(call next,make cost · npm run docs)

adopt: $(PACKAGES) ## Take over what the guide's commands made: writes an import file, says what comes: [NAMES="mediaBucket=…"] [FROM=file] [OFFLINE=yes]
	@$(if $(filter yes,$(OFFLINE)),STACK="$(STACK)" offline/aws) node --require ./typescript.cjs adoption/main.ts stack=$(STACK) $(call given,from,$(FROM)) $(NAMES)

engine: $(PACKAGES) ## Find the Pulumi engine, or download or build it
	@node --require ./typescript.cjs packages/embedded-aws/launcher/engine/main.ts
	$(if $(filter engine,$(MAKECMDGOALS)),$(call next,make up))

# The tests in Python wait more than they work, so they run beside the others and are shown after them.
test: engine ## Run all tests, of exhaustive ones a sample
	@mkdir -p .offline; status=0; \
	{ PYTEST_ADDOPTS=--junitxml=$(CURDIR)/.offline/image-test-result.xml image/test; image=$$?; \
	PYTEST_ADDOPTS=--junitxml=$(CURDIR)/.offline/loadtest-result.xml loadtest/test && exit $$image; } \
	>.offline/python-test.log 2>&1 & python=$$!; \
	npm test --silent -- --reporter ./tests/reporter.cjs || status=1; \
	wait $$python || status=1; cat .offline/python-test.log; \
	exit $$status

test-all: export CHATPOP_TESTS = all
test-all: test ## Run all tests, as every night

test-unit: engine ## Run the tests that start neither an engine nor a server
	@npm run --silent test:unit

faults: engine ## Strike a stack by every fault of docs/reliability.md and write how it ended: [ONLY=kill] [SAMPLE=10]
	@node --require ./typescript.cjs tests/faults/main.ts $(call given,only,$(ONLY)) $(call given,sample,$(SAMPLE)); \
	status=$$?; npm run --silent docs >/dev/null; exit $$status

benchmark: engine ## Measure previews, updates, growth, index builds and tests into docs/performance.md: [ONLY=preview] [ROUNDS=3] [ROWS=]
	@node --require ./typescript.cjs benchmarks/main.ts $(call given,only,$(ONLY)) $(call given,rounds,$(ROUNDS)) $(call given,rows,$(ROWS)); \
	status=$$?; npm run --silent docs >/dev/null; exit $$status

image-build: $(PACKAGES) ## Build the image and try it (root; buildah, and debootstrap where there is no registry)
	@image/test --build
	$(call next,make loadtest CHATPOP_SOURCE=../ChatPop)

loadtest: $(PACKAGES) ## Load one task's share of a scale on this machine: SHARE= DURATION= CHATPOP_SOURCE= OPTIONS=
	@$(ONE_OF) "make loadtest" SHARE "$(or $(SHARE),small)" small medium large redis churn
	@loadtest/run --share "$(or $(SHARE),small)" --duration "$(or $(DURATION),60)" \
	$(if $(CHATPOP_SOURCE),--source "$(abspath $(CHATPOP_SOURCE))") $(OPTIONS)
	$(call next,make plan ROOMS=<rooms> USERS=<users of a room>)

site: $(SITE_PACKAGES) ## Build the documentation as a site, with a search: .offline/site (SOURCE_URL= where the source is shown)
	@npm run --prefix site --silent build
	@echo "The site is in .offline/site."
	$(call next,python3 -m http.server --directory .offline/site 8000)

lint: $(PACKAGES) ## Check types, rules and formatting
	@npm run --silent lint
	@echo "Types, rules and formatting hold."
	$(call next,make test-unit)

audit: ## Check workflows (zizmor) and Renovate's configuration; HISTORY=yes searches every commit for secrets
	@tools/audit/run $(if $(filter yes,$(HISTORY)),--history)

bootstrap: ## Prepare an AWS account for delivery from GitHub: state, key, identity provider
	@delivery/bootstrap

clean: ## Forget the embedded AWS: state, account, configuration copies
	@rm -rf .offline
	@echo "The embedded AWS is empty: no stack, no account, no changed setting."
	$(if $(filter clean,$(MAKECMDGOALS)),$(call next,make up))

distclean: clean ## Forget the engine and the packages as well
	@rm -rf .engine node_modules site/node_modules
	@echo "Engine and packages are gone."
	$(call next,make up (which fetches both again))

$(PACKAGES): package-lock.json
	@node ./nodeVersion.cjs
	@echo "packages: installing what package-lock.json names (600 MB; a minute or more)"
	@# npm says nothing while it fetches: a line every 15 seconds shows that it works.
	@( while sleep 15 >/dev/null 2>&1; do echo "packages: still at work, $$(du -sm node_modules 2>/dev/null | cut -f1) MB are there"; done ) & alive=$$!; \
	npm ci --no-audit --no-fund --no-update-notifier --loglevel=error; status=$$?; kill $$alive 2>/dev/null; exit $$status
	@touch $@

$(SITE_PACKAGES): site/package-lock.json
	@npm ci --prefix site --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@
