# `make help` lists what is here. Every target may be run twice; the second time is quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# SwiftPM locks its build folder: two targets at once would only wait for each other.
.NOTPARALLEL:

# What is formatted and checked; folders that do not exist yet are left out.
SWIFT_SOURCES := $(wildcard Package.swift Sources Tests Examples Benchmarks Fuzz)
# Extra flags: for the server in `make serve ARGS="--port 9000"`, for the runner in `make test ARGS="--filter Cursor"`.
ARGS ?=

.PHONY: help serve test build format lint pages docs check-pages install install-tests clean

help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: build ## Build and start the server with its pages on http://127.0.0.1:8000 (flags: ARGS="…")
	exec .build/release/apus serve --demo $(ARGS)

test: install-tests lint check-pages ## Check the format and the embedded pages, build, run all tests (flags: ARGS="…")
	swift build --build-tests
	swift test --skip-build --disable-xctest $(ARGS)

build: install ## Build the apus command with optimisation
	swift build -c release --product apus

format: ## Format all Swift sources in place
	swift format -i -p -r $(SWIFT_SOURCES)

lint: ## Check the format of all Swift sources
	swift format lint -s -p -r $(SWIFT_SOURCES)

pages: ## Write the pages and the JavaScript client into the Swift file that carries them
	scripts/embed-pages

docs: ## Write the libraries' reference to .build/reference
	scripts/write-reference

check-pages:
	@if [ -e scripts/embed-pages ]; then echo scripts/embed-pages --check; scripts/embed-pages --check; fi

install:
	@scripts/bootstrap

install-tests:
	@scripts/bootstrap --tests

clean: ## Remove everything that was built
	rm -rf .build
