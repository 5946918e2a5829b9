# SPDX-License-Identifier: GPL-2.0
# The programs of one suite; called by tests/Makefile with SUITE and TOP.

HERE := $(TOP)/tests/$(SUITE)
BUILT ?= $(TOP)/build
OUT := $(BUILT)/tests/$(SUITE)

CPPFLAGS += -D_GNU_SOURCE -I$(TOP)/include/uapi -I$(SELFTESTS) \
	    -I$(TOP)/tests -I$(HERE) -I$(HERE)/lib -I$(TOP)/tests/lib
CFLAGS ?= -O2 -g
CFLAGS += -std=gnu11 -Wall -Wextra -Wno-sign-compare -Wno-unused-parameter \
	  -Wno-missing-field-initializers -pthread

LIB := $(wildcard $(HERE)/lib*.c $(HERE)/lib/*.c)
PROGRAMS := $(filter-out $(LIB),$(wildcard $(HERE)/*.c))
ifneq ($(BUILT),$(TOP)/build)
# for another architecture: without the programs that the suite keeps to the host's
NATIVE := $(shell . $(HERE)/suite && echo $$native_only)
PROGRAMS := $(filter-out $(NATIVE:%=$(HERE)/%.c),$(PROGRAMS))
endif
LIB_O := $(LIB:$(HERE)/%.c=$(OUT)/obj/%.o) $(BUILT)/tests/lib/libtests.a

all: $(PROGRAMS:$(HERE)/%.c=$(OUT)/%)

$(OUT)/%: $(OUT)/obj/%.o $(LIB_O)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/obj/%.o: $(HERE)/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

.PHONY: all
.SECONDARY:
-include $(wildcard $(OUT)/obj/*.d $(OUT)/obj/lib/*.d)
