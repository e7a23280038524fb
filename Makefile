# Commands for people: `make demo`, `make test`; the rest is in README.md.
.PHONY: all setup build demo test lint bench-quality bench-methods bench-speed clean

SHELL := /bin/sh
BINARY := .build/release/fault-diag

all: build

setup:
	@Tools/setup.sh

build: setup
	@echo "build: compiling fault-diag (release)"
	@swift build -c release --product fault-diag

demo: build
	@Tools/demo.sh $(BINARY)

test: setup
	@echo "test: building and running the tests"
	@swift test

lint:
	@swift format lint --strict --recursive $(wildcard Package.swift Sources Tests Benchmarks)

bench-quality: setup
	@swift build -c release --product fault-diag-bench
	@.build/release/fault-diag-bench quality

bench-methods: setup
	@swift build -c release --product fault-diag-bench
	@.build/release/fault-diag-bench methods

bench-speed: setup
	@swift build -c release
	@.build/release/fault-diag-bench speed

clean:
	@swift package clean
