# SPDX-License-Identifier: GPL-2.0
# The targets build, test and install the project; "make help" lists them.

VM := tests/vm
KDIR ?= /lib/modules/$(shell uname -r)/build
# make uninstall works without the headers, too.
KVER = $(or $(shell make -s -C $(KDIR) kernelrelease 2>/dev/null),$(shell uname -r))
PREFIX ?= /usr/local
T ?=

export TUNRING_TYPED = make $(or $(MAKECMDGOALS),all)$(if $(T), T=$(T))

all: module tools

# Without the packages that these need they print the command that installs them.
module:
	@$(VM)/module $(KDIR)

module-stock module-debug module-kcsan module-gcov module-6.12 module-7.3 module-rt \
module-arm64 module-s390x: module-%:
	@$(VM)/module $*

tools:
	@$(VM)/setup -n build tools
	@$(MAKE) -C tools/tunring

check:
	@$(VM)/check $(T)

check-all:
	@$(VM)/check -a $(T)

coverage:
	@tests/coverage/run $(T)

demo:
	@tests/demo/run

bench:
	@tests/bench/run $(if $(B),-p '$(B)')

lint:
	@$(VM)/lint

house:
	@$(VM)/setup house
	@tests/house/house $(if $(REV),--rev '$(REV)') $(if $(B),--brief)

deb:
	@debian/build

# Modules that make has built. modprobe prefers updates/ to the kernel's own tun.
MODULES := tun vring_core vringfd
UPDATES = $(DESTDIR)/lib/modules/$(KVER)/updates

install: install-modules
	$(MAKE) -C tools/tunring install 'DESTDIR=$(DESTDIR)' 'PREFIX=$(PREFIX)'
	@[ -n '$(DESTDIR)' ] || ldconfig

install-modules:
	@for ko in $(MODULES); do \
		[ -e "build/$(KVER)/$$ko.ko" ] || { \
			echo "build/$(KVER)/$$ko.ko is not built: run make first" >&2; \
			exit 1; }; \
		install -D -m 644 "build/$(KVER)/$$ko.ko" "$(UPDATES)/$$ko.ko" && \
		strip --strip-debug "$(UPDATES)/$$ko.ko" || exit 1; \
	done
	@[ -n '$(DESTDIR)' ] || { depmod '$(KVER)' && tools/tunring/holders; }

uninstall:
	rm -f $(MODULES:%="$(UPDATES)/%.ko")
	@[ -n '$(DESTDIR)' ] || depmod '$(KVER)'
	$(MAKE) -C tools/tunring uninstall 'DESTDIR=$(DESTDIR)' 'PREFIX=$(PREFIX)'
	@[ -n '$(DESTDIR)' ] || ldconfig

clean:
	rm -rf build
	@$(MAKE) -C tools/tunring clean

help:
	@echo 'make            module, library and tool'
	@echo 'make check      all tests, on the stock and on the debug kernel'
	@echo 'make check T=X  one suite (T=abi) or one program of it (T=abi/open), or several'
	@echo '                K=stock, debug, kcsan, 6.12, 7.3, rt: one kernel'
	@echo '                A=arm64, s390x: another architecture'
	@echo '                M=ours, stock: one tun.ko'
	@echo 'make check-all  the same, and what the suites leave out of it to save time'
	@echo 'make coverage   the share of the lines of the driver that the tests run; T=X as above'
	@echo 'make demo       OpenVPN over rings, beside read and write'
	@echo 'make bench      instructions per packet, beside everything else: build/bench.json'
	@echo '                B=ring, B="io_uring*,ring": a part; K=6.12, 7.3: another kernel'
	@echo 'make lint       checkpatch, sparse, W=1, shellcheck, pyflakes'
	@echo 'make house      how the tree is parted, named and worded: tables, and evidence'
	@echo '                REV=commit: of that commit; B=1: the tables alone'
	@echo 'make install    what make has built, under DESTDIR: modules for KDIR,'
	@echo '                rest under PREFIX; make uninstall deletes it again'
	@echo 'make deb        Debian packages, the driver by DKMS: build/deb/'
	@echo 'make tools      library and tool alone'
	@echo 'make module     the modules alone; KDIR=folder for another kernel than'
	@echo '                the running one'
	@echo '                make module-stock, -debug, -kcsan, -gcov, -6.12, -7.3, -rt, -arm64, -s390x:'
	@echo '                for the kernels of the tests'
	@echo 'make clean      removes build/ (the cache outside stays)'

.PHONY: all module module-stock module-debug module-kcsan module-gcov module-6.12 module-7.3 module-rt \
	module-arm64 module-s390x tools \
	check check-all coverage demo bench lint house deb install install-modules uninstall \
	clean help
