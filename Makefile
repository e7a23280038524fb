# Commands for people: `make demo`, `make test`; the rest is in README.md.
.PHONY: all setup build demo test lint install uninstall check-install docs guide-pictures \
  bench-quality bench-methods bench-speed bench-reliability fuzz sanitize clean

SHELL := /bin/sh
BINARY := .build/release/fault-diag
# Linked with Swift's libraries inside: a short-lived program starts a third faster and needs 5 MB less.
RELEASE := swift build -c release --static-swift-stdlib
# Where `make install` puts things; DESTDIR is a folder to stand in for the root.
PREFIX ?= /usr/local
export PREFIX DESTDIR

all: build

setup:
	@Tools/setup.sh

build: setup
	@echo "build: compiling fault-diag (release)"
	@$(RELEASE) --product fault-diag

demo: build
	@Tools/demo.sh $(BINARY)

test: setup
	@echo "test: building and running the tests"
	@Tools/test.sh

lint:
	@swift format lint --strict --recursive $(wildcard Package.swift Sources Tests Benchmarks)

install:
	@Tools/install.sh

uninstall:
	@Tools/install.sh --uninstall

check-install:
	@Tools/check-install.sh

docs: setup
	@Tools/docs.sh

guide-pictures: build
	@Tools/guide-pictures.sh $(BINARY)

bench-quality: setup
	@$(RELEASE) --product fault-diag-bench
	@.build/release/fault-diag-bench quality

bench-methods: setup
	@$(RELEASE) --product fault-diag-bench
	@.build/release/fault-diag-bench methods

bench-speed: setup
	@$(RELEASE)
	@.build/release/fault-diag-bench speed

bench-reliability: setup
	@$(RELEASE)
	@nice -n 19 .build/release/fault-diag-bench reliability

# Inputs for each parser; see Documentation/Reliability.md.
RUNS ?= 1000000

fuzz: setup
	@Tools/fuzz.sh $(RUNS)

sanitize: setup
	@Tools/sanitize.sh address
	@Tools/sanitize.sh thread

clean:
	@swift package clean
