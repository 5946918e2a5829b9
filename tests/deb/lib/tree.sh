# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A Debian tree, in which tests install the packages of build/deb. Sourced after
# common.sh; the program sets TREE and LOG.

MIRROR=${TUNRING_MIRROR:-http://deb.debian.org/debian}
DEBIAN=${DEBIAN:-bookworm}
CLEAN=$CACHE/tree-$DEBIAN
N=0

# Builds the packages, unless build/deb has them from these sources.
packages_built() {
	local built=$BUILD/deb/.built
	if [ ! -e "$built" ] || [ -n "$(cd "$TOP" && find debian drivers include tools \
		-newer "$built" -type f -print -quit)" ]; then
		"$TOP/debian/build" >/dev/null
	fi
}

# A step. LOG has the output of all of them.
ok() {
	local name=$1
	shift
	N=$((N + 1))
	[ $N != 1 ] || : >"$LOG"
	"$@" >"$LOG.step" 2>&1 || {
		tail -n 40 "$LOG.step" | sed 's/^/# /'
		printf 'not '
	}
	{
		printf '\n== %d %s\n' $N "$name"
		cat "$LOG.step"
	} >>"$LOG"
	rm -f "$LOG.step"
	echo "ok $N $name"
}

# Runs a command in the tree. The mounts are in a namespace of their own. Headers bring
# the kernel's image, and nothing boots from the initramfs that the image would make.
inside() {
	# shellcheck disable=SC2016 # the shell within expands
	DEBIAN_FRONTEND=noninteractive INITRD=No unshare --mount sh -c '
		mount -t proc proc "$0/proc" &&
		mount --bind /dev "$0/dev" &&
		exec chroot "$0" "$@"' "$TREE" "$@"
}

apt_inside() {
	inside apt-get -y -q -o Dpkg::Use-Pty=0 --no-install-recommends "$@"
}

tree() {
	if [ ! -e "$CLEAN/.ready" ]; then
		rm -rf "$CLEAN"
		debootstrap --variant=minbase "$DEBIAN" "$CLEAN" "$MIRROR" || return 1
		touch "$CLEAN/.ready"
	fi
	rm -rf "$TREE"
	cp -a "$CLEAN" "$TREE"
	cp /etc/resolv.conf "$TREE/etc/resolv.conf"
	cat >"$TREE/etc/apt/sources.list" <<-END
		deb $MIRROR $DEBIAN main
		deb $MIRROR $DEBIAN-updates main
		deb $MIRROR $DEBIAN-backports main
		deb $MIRROR-security $DEBIAN-security main
	END
	cp -r "$BUILD/deb" "$TREE/deb"
	apt_inside update
}

# $1: package. Prints its file, as a path in the tree.
deb() {
	(cd "$TREE" && echo "/$(echo deb/"$1"_*.deb)")
}
