# SPDX-License-Identifier: GPL-2.0
# The program of a part: called by its folder's Makefile with PART, which is its
# name, too. SHARED names the files that the parts share with the program bench.

TOP := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
HERE := $(TOP)/tests/bench/$(PART)
OUT ?= $(TOP)/build/tests/bench/$(PART)
SHARED ?= clock mark net packet ring sched

CFLAGS ?= -O2 -g
CPPFLAGS += -D_GNU_SOURCE -I$(TOP)/include/uapi
CFLAGS += -Wall -Wextra -Wno-sign-compare -Wno-unused-parameter \
	  -Wno-missing-field-initializers -std=gnu11 -pthread

OBJECTS := $(patsubst $(HERE)/%.c,$(OUT)/%.o,$(wildcard $(HERE)/*.c)) \
	   $(SHARED:%=$(OUT)/shared/%.o)

all: $(OUT)/$(PART)

$(OUT)/$(PART): $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(OUT)/%.o: $(HERE)/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/shared/%.o: $(TOP)/tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

.PHONY: all
-include $(OBJECTS:.o=.d)
