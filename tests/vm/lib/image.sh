# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernel, initramfs and module tree that a guest boots from. Sourced after
# stock.sh, source.sh, own.sh, trixie.sh and foreign.sh.

# Drivers that mount the host's folders need; built in or modules.
INITRAMFS_MODULES="virtio_pci 9pnet_virtio 9p overlay"

# $1: the kernel. Sets KERNEL_IMAGE, KERNEL_ROOT, KERNEL_RELEASE.
kernel_select() {
	case $1 in
	stock)
		stock_fetch
		KERNEL_IMAGE=$STOCK_IMAGE
		KERNEL_ROOT=$STOCK_ROOT
		KERNEL_RELEASE=$STOCK_RELEASE
		;;
	debug | kcsan | gcov)
		own_ready "$1"
		KERNEL_IMAGE=$OWN_IMAGE
		KERNEL_ROOT=$OWN_ROOT
		KERNEL_RELEASE=$(own_release)
		;;
	6.12 | 7.3 | rt)
		trixie_fetch "$1"
		KERNEL_IMAGE=$(trixie_vmlinuz)
		KERNEL_ROOT=$TRIXIE_IMAGE
		KERNEL_RELEASE=$TRIXIE_RELEASE
		;;
	arm64 | s390x)
		foreign_fetch "$1"
		KERNEL_IMAGE=$FOREIGN/image/boot/vmlinuz-$FOREIGN_RELEASE
		KERNEL_ROOT=$FOREIGN/image
		KERNEL_RELEASE=$FOREIGN_RELEASE
		INITRAMFS_MODULES=$(foreign_modules "$1")
		;;
	/*)
		KERNEL_ROOT=$1
		KERNEL_RELEASE=$(basename "$1"/lib/modules/*)
		KERNEL_IMAGE=$1/boot/vmlinuz-$KERNEL_RELEASE
		;;
	*) die "no kernel '$1': stock, ${OWN_KERNELS// /, }, ${TRIXIE_KERNELS// /, }," \
		"${FOREIGN_KERNELS// /, }" ;;
	esac
	export KERNEL_IMAGE
}

# Busybox loads no compressed module. $1: module, $2: path of the copy
initramfs_module() {
	case $1 in
	*.xz) xz -dc "$1" >"${2%.xz}" ;;
	*) cp "$1" "$2" ;;
	esac
}

# $1: folder that becomes the initramfs. The names sort in the order of insertion.
initramfs_modules() {
	local dir=$1 module path n=10 seen=" "
	mkdir -p "$dir/modules"
	for module in $INITRAMFS_MODULES; do
		while read -r path; do
			case $seen in *" ${path##*/} "*) continue ;; esac
			seen+="${path##*/} "
			initramfs_module "$path" "$dir/modules/$n-${path##*/}"
			n=$((n + 1))
		done < <(modprobe -d "$KERNEL_ROOT" -S "$KERNEL_RELEASE" \
			--show-depends "$module" | awk '$1 == "insmod" { print $2 }')
	done
}

# Sets INITRAMFS, and builds the file if one of its parts is newer.
initramfs_ready() {
	local init=$VM/guest/init tmp
	INITRAMFS=$BUILD/vm/initramfs-$KERNEL_RELEASE
	if [ "$INITRAMFS" -nt "$init" ] && [ "$INITRAMFS" -nt "$KERNEL_IMAGE" ] &&
		[ "$INITRAMFS" -nt "$BUSYBOX" ]; then
		return 0
	fi
	mkdir -p "$BUILD/vm"
	tmp=$(mktemp -d "$BUILD/vm/.initramfs.XXXXXX")
	mkdir -p "$tmp"/root/{bin,dev,proc,sys,lower,rw,new}
	cp "$BUSYBOX" "$tmp/root/bin/busybox"
	install -m 755 "$init" "$tmp/root/init"
	initramfs_modules "$tmp/root"
	(cd "$tmp/root" && find . | cpio -o -H newc --quiet) >"$tmp/image"
	mv "$tmp/image" "$INITRAMFS"
	rm -rf "$tmp"
}

# Makes a tree for modprobe that has another tun.ko, or none, in place of the stock
# one: autoload, modprobe vhost_net and modinfo find this tun.ko. A vring_core.ko and a
# vringfd.ko that were built beside it are in the tree, too.
# $1: path of a module or "none". Sets MODULE_ROOT.
module_tree() {
	local module=$1 key tun ko beside=()
	tun=lib/modules/$KERNEL_RELEASE/kernel/drivers/net/tun.ko
	for ko in vring_core vringfd; do
		ko=$(dirname "$module")/$ko.ko
		[ ! -e "$ko" ] || beside+=("$ko")
	done
	key=$(if [ "$module" = none ]; then echo none; else
		cat "$module" "${beside[@]}"; fi |
		cat "$KERNEL_ROOT/lib/modules/$KERNEL_RELEASE/modules.order" - |
		sha256sum | cut -c1-16)
	MODULE_ROOT=$BUILD/vm/modules-$KERNEL_RELEASE-$key
	# The time of a tree is that of its last use; old trees are removed.
	if [ -d "$MODULE_ROOT" ]; then
		touch "$MODULE_ROOT"
		return 0
	fi
	local tmp
	mkdir -p "$BUILD/vm"
	find "$BUILD/vm" -maxdepth 1 -name "modules-$KERNEL_RELEASE-*" \
		-mmin +240 -exec rm -rf {} +
	tmp=$(mktemp -d "$BUILD/vm/.modules.XXXXXX")
	mkdir -p "$tmp/lib/modules"
	cp -rs "$KERNEL_ROOT/lib/modules/$KERNEL_RELEASE" "$tmp/lib/modules/"
	rm -f "$tmp/$tun" "$tmp/$tun.xz" "$tmp/lib/modules/$KERNEL_RELEASE"/modules.{dep,alias,symbols,softdep,devname}*
	# Debug information is most of a module, and a guest reads it slowly.
	[ "$module" = none ] || "${FOREIGN_PREFIX:-}objcopy" --strip-debug "$module" "$tmp/$tun"
	for ko in "${beside[@]}"; do
		"${FOREIGN_PREFIX:-}objcopy" --strip-debug "$ko" "$tmp/${tun%/*}/${ko##*/}"
	done
	depmod -b "$tmp" "$KERNEL_RELEASE"
	chmod 755 "$tmp"
	mv -T "$tmp" "$MODULE_ROOT" 2>/dev/null || rm -rf "$tmp"
}

# $1: ours, stock, none or a path; $2: the kernel's name. Sets MODULE_ROOT.
module_select() {
	local module=$1
	case $module in
	stock)
		MODULE_ROOT=$KERNEL_ROOT
		return
		;;
	ours) module=$BUILD/$2/tun.ko ;;
	esac
	[ "$module" = none ] || [ -r "$module" ] ||
		die "no module $module. Run: make"
	[ "$module" = none ] || modinfo -F vermagic "$module" |
		grep -q "^$KERNEL_RELEASE " ||
		die "$module was not built for $KERNEL_RELEASE"
	module_tree "$module"
}
