# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernels of Debian 13 and its backports, each with headers and the compiler that
# they want. Everything is fetched by apt with lists and sources of its own, and
# unpacked in the cache: the host's packages and sources stay as they are. Sourced
# after packages.sh.
# shellcheck source=apt.sh
. "$VM/lib/apt.sh"

# Kernels that K= may name, beside stock and debug.
TRIXIE_KERNELS="6.12 7.3 rt"
# Of these, kernels on which make check runs a few programs.
# shellcheck disable=SC2034 # suite.sh reads it
TRIXIE_BRIEF="6.12 7.3"

# For each, packages of headers, the best first: the newest of the first kind that
# Debian has. Backports may have gone on to another 7.x.
trixie_kinds() {
	case $1 in
	6.12) echo '6\.12\.[0-9].*[0-9]-amd64' ;;
	7.3) echo '7\.3\.[0-9].*[0-9]-amd64 7\.[0-9].*[0-9]-amd64' ;;
	rt) echo '7\.3\.[0-9].*-rt-amd64 [67]\.[0-9].*-rt-amd64' ;;
	esac
}

# Commands of make and of a module's build, besides packages that headers depend on.
TRIXIE_TOOLS="base-files bash binutils coreutils dash diffutils findutils grep
	make mawk sed"

trixie_is() {
	[[ " $TRIXIE_KERNELS " == *" $1 "* ]]
}

# $1: kernel. Sets TRIXIE_ROOT, and TRIXIE_RELEASE if the kernel is there.
trixie_paths() {
	TRIXIE_ROOT=$CACHE/trixie-$1
	TRIXIE_RELEASE=
	[ ! -e "$TRIXIE_ROOT/release" ] ||
		TRIXIE_RELEASE=$(cat "$TRIXIE_ROOT/release")
	TRIXIE_IMAGE=$TRIXIE_ROOT/image
	# shellcheck disable=SC2034 # tests/vm/module reads it
	TRIXIE_HEADERS=/usr/src/linux-headers-$TRIXIE_RELEASE
	export TRIXIE_IMAGE
}

trixie_sources() {
	apt_private trixie-apt amd64 trixie trixie-updates trixie-backports
}

# Prints the release of the newest kernel. $1: kernel
trixie_newest() {
	local kind release
	local -a kinds
	read -r -a kinds <<<"$(trixie_kinds "$1")"
	for kind in "${kinds[@]}"; do
		release=$(apt_kept apt-cache pkgnames linux-headers- |
			sed -n 's/^linux-headers-//p' | grep -xE "$kind" |
			grep -vE "cloud|dbg$([ "$1" = rt ] || echo '|-rt-')" |
			sort -V | tail -n 1)
		[ -z "$release" ] || break
	done
	[ -n "$release" ] && echo "$release"
}

# Unpacks what apt has fetched: the image and its modules in one tree, headers and
# the compiler in another. $1: folder of the trees
trixie_unpack() {
	local deb image=${APT}/archives/linux-
	mkdir -p "$1/image" "$1/build"
	# has the links /bin and /lib, through which others unpack
	dpkg -x "$APT"/archives/base-files_*.deb "$1/build"
	for deb in "$APT"/archives/*.deb; do
		case $deb in
		"$image"image-* | "$image"binary-* | "$image"modules-* | \
			"$image"base-[0-9]*)
			dpkg -x "$deb" "$1/image"
			;;
		*/systemd* | */udev* | */dracut* | */initramfs* | */base-files*) ;;
		*) dpkg -x "$deb" "$1/build" ;;
		esac || return 1
	done
	[ -e "$1/image/lib" ] || ln -s usr/lib "$1/image/lib"
	ln -sf mawk "$1/build/usr/bin/awk"
}

# $1: kernel, $2: release. Fills $TRIXIE_ROOT.
trixie_install() {
	local tmp
	local -a from=()
	[[ $2 == 6.12.* ]] || from=(-t trixie-backports)
	tmp=$(mktemp -d "$CACHE/.trixie.XXXXXX")
	rm -f "$APT"/archives/*.deb
	# shellcheck disable=SC2086 # several packages
	apt_kept apt-get -y -q --download-only "${from[@]}" install \
		"linux-headers-$2" "linux-image-$2" $TRIXIE_TOOLS \
		>>"$CACHE/apt.log" || die "apt-get could not fetch the kernel $2" \
		"(see $CACHE/apt.log)"
	trixie_unpack "$tmp" || die "the packages of $2 do not unpack"
	rm -f "$APT"/archives/*.deb
	depmod -b "$tmp/image" "$2"
	echo "$2" >"$tmp/release"
	chmod 755 "$tmp"
	rm -rf "$TRIXIE_ROOT"
	mv -T "$tmp" "$TRIXIE_ROOT"
}

# $1: kernel. A kernel that is in the cache stays; remove its folder for a newer one.
trixie_fetch() {
	local release
	trixie_paths "$1"
	[ -z "$TRIXIE_RELEASE" ] || return 0
	cache_lock "kernels of Debian 13"
	trixie_paths "$1"
	if [ -z "$TRIXIE_RELEASE" ]; then
		trixie_sources
		release=$(trixie_newest "$1") || die "Debian has no kernel for K=$1"
		say "fetching Debian's kernel $release and its compiler"
		trixie_install "$1" "$release"
		trixie_paths "$1"
	fi
	cache_unlock
}

# Prints the path of the kernel's image.
trixie_vmlinuz() {
	local path
	for path in "$TRIXIE_IMAGE/boot/vmlinuz-$TRIXIE_RELEASE" \
		"$TRIXIE_IMAGE/lib/modules/$TRIXIE_RELEASE/vmlinuz"; do
		[ ! -e "$path" ] || { echo "$path"; return; }
	done
	die "no vmlinuz in $TRIXIE_IMAGE"
}

# Runs a command with the kernel's /usr in place of the host's: headers name files
# by absolute paths, and their programs want the C library of Debian 13. Only the
# command sees the mount.
trixie_run() {
	local -a user=()
	is_root || user=(--map-root-user)
	case $TOP/:$CACHE/ in
	/usr/* | *:/usr/*) die "builds for Debian 13 do not work below /usr" ;;
	esac
	# shellcheck disable=SC2016 # the shell within expands
	unshare "${user[@]}" --mount -- /bin/sh -c \
		'mount --bind "$0" /usr && PATH=/usr/bin && exec "$@"' \
		"$TRIXIE_ROOT/build/usr" "$@"
}
