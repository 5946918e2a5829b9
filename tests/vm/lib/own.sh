# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernels of our own: their places in the cache and their build. The options of a kernel
# are those in a file of kernels/ and in kernels/common. Sourced after source.sh.

# shellcheck disable=SC2034 # scripts that source this file read it
OWN_KERNELS="debug kcsan gcov"

own_is() {
	case $1 in
	debug | kcsan | gcov) ;;
	*) return 1 ;;
	esac
}

# K=kcsan and K=gcov differ in the driver's modules: they run on one kernel. $1: kernel.
# Prints the name of its file in kernels/.
own_file() {
	case $1 in
	kcsan | gcov) echo gauges ;;
	*) echo "$1" ;;
	esac
}

# A cached kernel belongs to one source, one set of options and one compiler.
# $1: kernel. Sets OWN (its file), OWN_DIR (the kernel's build tree), OWN_ROOT, OWN_IMAGE, OWN_LOG.
own_paths() {
	source_paths
	local key
	OWN=$(own_file "$1")
	key=$( (echo "$SOURCE_VERSION"; gcc -dumpfullversion
		own_options "$1" | sort; own_arguments "$OWN") |
		sha256sum | cut -c1-12)
	OWN_DIR=$CACHE/$OWN-$key
	OWN_ROOT=$OWN_DIR/root
	OWN_IMAGE=$OWN_ROOT/boot/vmlinuz
	OWN_LOG=$CACHE/$OWN-$key.log
	export OWN_ROOT OWN_IMAGE
}

# Both fragments without their comments. $1: kernel
own_options() {
	sed -n 's/^\(CONFIG_[A-Z0-9_]*=.*\)$/\1/p' "$VM/kernels/$(own_file "$1")" \
		"$VM/kernels/common"
}

# Prints arguments of make for the kernel itself, one a line. With the whole kernel under
# KCSAN, a machine takes minutes to boot, and nearly all watchpoints are elsewhere. Races
# are between the driver's own functions, or with the network core's. $1: file
own_arguments() {
	# shellcheck disable=SC2016 # make expands it
	[ "$1" != gauges ] ||
		echo 'KCSAN_SANITIZE=$(if $(filter net/core% net/sched% drivers/net%,$(obj)),,n)'
}

# Prints arguments of make for the driver's modules, one a line. $1: kernel
own_module_arguments() {
	[ "$1" != gcov ] || printf '%s\n' GCOV_PROFILE=y KCSAN_SANITIZE=n
}

# Prints the options of a kernel that a config has set differently.
# $1: kernel, $2: config
own_missing() {
	own_options "$1" | awk -v config="$2" '
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

own_release() {
	cat "$OWN_DIR/release"
}

own_make() {
	local -a arguments
	mapfile -t arguments < <(own_arguments "$OWN")
	make -C "$SOURCE" O="$OWN_DIR" KBUILD_BUILD_USER=tunring \
		KBUILD_BUILD_HOST=tunring "${arguments[@]}" "$@" >>"$OWN_LOG" 2>&1 || {
		tail -n 20 "$OWN_LOG" >&2
		die "the $OWN kernel does not build (see $OWN_LOG)"
	}
}

own_configure() {
	local missing
	own_make tinyconfig
	own_options "$OWN" >>"$OWN_DIR/.config"
	echo "CONFIG_LOCALVERSION=\"-tunring-$OWN\"" >>"$OWN_DIR/.config"
	own_make olddefconfig
	missing=$(own_missing "$OWN" "$OWN_DIR/.config")
	[ -z "$missing" ] ||
		die "these options did not stick: ${missing//$'\n'/ }"
}

# Objects are 80% of the tree, and modules build without them.
own_strip() {
	find "$OWN_DIR" \( -path "$OWN_DIR/scripts" -o \
		-path "$OWN_DIR/tools" \) -prune -o -type f \
		\( -name '*.o' -o -name '*.a' -o -name '*.cmd' -o \
		-name 'vmlinux*' -o -name '.tmp_vmlinux*' \) -print0 | xargs -0 rm -f
}

own_build() {
	local jobs start=$SECONDS
	jobs=${JOBS:-$(nproc)}
	# An interrupted build is continued.
	mkdir -p "$OWN_DIR"
	: >"$OWN_LOG"
	own_configure
	say "building the $OWN kernel with $jobs jobs: some 10 minutes, once"
	own_make -j"$jobs" bzImage modules
	make -s -C "$SOURCE" O="$OWN_DIR" kernelrelease | tail -n 1 \
		>"$OWN_DIR/release"
	own_make INSTALL_MOD_PATH="$OWN_ROOT" modules_install
	mkdir -p "$OWN_ROOT/boot"
	cp "$OWN_DIR/arch/x86/boot/bzImage" "$OWN_IMAGE"
	rm -f "$OWN_ROOT"/lib/modules/*/{build,source}
	own_strip
	touch "$OWN_DIR/.ready"
	say "the $OWN kernel took $((SECONDS - start)) s"
}

# $1: kernel
own_ready() {
	own_paths "$1"
	[ ! -e "$OWN_DIR/.ready" ] || return 0
	cache_lock "kernels of our own"
	[ -e "$OWN_DIR/.ready" ] || own_build
	cache_unlock
}
