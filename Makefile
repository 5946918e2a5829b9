# SPDX-License-Identifier: GPL-2.0
# Everything of the project starts here; "make help" lists what there is.

VM := tests/vm
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) stock)
KVER = $(if $(filter stock,$(KDIR)),stock,$(shell make -s -C $(KDIR) kernelrelease))
PREFIX ?= /usr/local
T ?=

export TUNRING_TYPED = make $(or $(MAKECMDGOALS),all)$(if $(T), T=$(T))

all: module tools

module:
	@$(VM)/module $(KDIR)

module-stock module-debug module-6.12 module-7.3 module-rt: module-%:
	@$(VM)/module $*

tools:
	@if [ -e tools/tunring/Makefile ]; then \
		$(VM)/setup build tools && $(MAKE) -C tools/tunring; \
	fi

check:
	@$(VM)/check $(T)

check-all:
	@$(VM)/check -a $(T)

demo:
	@tests/demo/run

bench:
	@tests/bench/run $(if $(B),-p '$(B)')

lint:
	@$(VM)/lint

house:
	@$(VM)/setup house
	@tests/house/house $(if $(REV),--rev '$(REV)') $(if $(B),--brief)

install: all
	for ko in tun vring_core vringfd; do \
		install -D -m 644 build/$(KVER)/$$ko.ko \
			$(DESTDIR)/lib/modules/$$(modinfo -F vermagic build/$(KVER)/tun.ko \
			| cut -d' ' -f1)/updates/$$ko.ko || exit 1; \
	done
	for h in if_tun_ring vring; do \
		install -D -m 644 include/uapi/linux/$$h.h \
			$(DESTDIR)$(PREFIX)/include/linux/$$h.h || exit 1; \
	done
	$(MAKE) -C tools/tunring install DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)
	@[ -n "$(DESTDIR)" ] || depmod

clean:
	rm -rf build
	@[ ! -e tools/tunring/Makefile ] || $(MAKE) -C tools/tunring clean

help:
	@echo 'make            module, library and tool'
	@echo 'make check      all tests, on the stock and on the debug kernel'
	@echo 'make check T=X  one suite (T=abi) or one program of it (T=abi/open)'
	@echo '                K=stock, debug, 6.12, 7.3, rt: one kernel; M=ours, stock: one tun.ko'
	@echo 'make check-all  the same, and what the suites leave out of it to save time'
	@echo 'make demo       OpenVPN over rings, beside read and write'
	@echo 'make bench      instructions per packet, beside everything else: build/bench.json'
	@echo '                B=ring, B="io_uring*,ring": a part'
	@echo 'make lint       checkpatch, sparse, W=1, shellcheck, pyflakes'
	@echo 'make house      how the tree is parted, named and worded: tables, and evidence'
	@echo '                REV=commit: of that commit; B=1: the tables alone'
	@echo 'make install    under DESTDIR; module for KDIR, rest under PREFIX'
	@echo 'make tools      library and tool alone'
	@echo 'make module     the module alone; KDIR=folder for another kernel'
	@echo '                make module-stock, -debug, -6.12, -7.3, -rt: for the kernels of the tests'
	@echo 'make clean      removes build/ (the cache outside stays)'

.PHONY: all module module-stock module-debug module-6.12 module-7.3 module-rt tools check check-all demo bench \
	lint house install clean help
