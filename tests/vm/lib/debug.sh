# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: its place in the cache and its build. Sourced after source.sh.

# A cached kernel belongs to one source, one config and one compiler.
# Sets DEBUG_DIR (the kernel's build tree), DEBUG_ROOT, DEBUG_IMAGE, DEBUG_LOG.
debug_paths() {
	source_paths
	local key
	key=$( (echo "$SOURCE_VERSION"; gcc -dumpfullversion; debug_options) |
		sha256sum | cut -c1-12)
	DEBUG_DIR=$CACHE/debug-$key
	DEBUG_ROOT=$DEBUG_DIR/root
	DEBUG_IMAGE=$DEBUG_ROOT/boot/vmlinuz
	DEBUG_LOG=$CACHE/debug-$key.log
	export DEBUG_ROOT DEBUG_IMAGE
}

# The fragment without its comments.
debug_options() {
	sed -n 's/^\(CONFIG_[A-Z0-9_]*=.*\)$/\1/p' "$VM/debug/config"
}

# Prints the options of the fragment that a config has set differently.
# $1: config
debug_missing() {
	debug_options | awk -v config="$1" '
		BEGIN {
			while ((getline line < config) > 0) {
				split(line, part, "=")
				value[part[1]] = substr(line, length(part[1]) + 2)
			}
		}
		{
			split($0, part, "=")
			have = part[1] in value ? value[part[1]] : "n"
			if (have != substr($0, length(part[1]) + 2))
				print
		}'
}

debug_release() {
	cat "$DEBUG_DIR/release"
}

debug_make() {
	make -C "$SOURCE" O="$DEBUG_DIR" KBUILD_BUILD_USER=tunring \
		KBUILD_BUILD_HOST=tunring "$@" >>"$DEBUG_LOG" 2>&1 || {
		tail -n 20 "$DEBUG_LOG" >&2
		die "the debug kernel does not build (see $DEBUG_LOG)"
	}
}

debug_configure() {
	local missing
	debug_make tinyconfig
	debug_options >>"$DEBUG_DIR/.config"
	echo 'CONFIG_LOCALVERSION="-tunring-debug"' >>"$DEBUG_DIR/.config"
	debug_make olddefconfig
	missing=$(debug_missing "$DEBUG_DIR/.config")
	[ -z "$missing" ] ||
		die "these options did not stick: ${missing//$'\n'/ }"
}

# Objects are 80% of the tree, and modules build without them.
debug_strip() {
	find "$DEBUG_DIR" \( -path "$DEBUG_DIR/scripts" -o \
		-path "$DEBUG_DIR/tools" \) -prune -o -type f \
		\( -name '*.o' -o -name '*.a' -o -name '*.cmd' -o \
		-name 'vmlinux*' -o -name '.tmp_vmlinux*' \) -print0 | xargs -0 rm -f
}

debug_build() {
	local jobs start=$SECONDS
	jobs=$(nproc)
	# An interrupted build is continued.
	mkdir -p "$DEBUG_DIR"
	: >"$DEBUG_LOG"
	debug_configure
	say "building the debug kernel with $jobs jobs: some 10 minutes, once"
	debug_make -j"$jobs" bzImage modules
	make -s -C "$SOURCE" O="$DEBUG_DIR" kernelrelease | tail -n 1 \
		>"$DEBUG_DIR/release"
	debug_make INSTALL_MOD_PATH="$DEBUG_ROOT" modules_install
	mkdir -p "$DEBUG_ROOT/boot"
	cp "$DEBUG_DIR/arch/x86/boot/bzImage" "$DEBUG_IMAGE"
	rm -f "$DEBUG_ROOT"/lib/modules/*/{build,source}
	debug_strip
	touch "$DEBUG_DIR/.ready"
	say "the debug kernel took $((SECONDS - start)) s"
}

debug_ready() {
	debug_paths
	[ ! -e "$DEBUG_DIR/.ready" ] || return 0
	cache_lock "debug kernel"
	[ -e "$DEBUG_DIR/.ready" ] || debug_build
	cache_unlock
}
