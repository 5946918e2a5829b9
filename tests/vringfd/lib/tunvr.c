// SPDX-License-Identifier: GPL-2.0
#include "tunvr.h"

int tv_device(struct tv *t, int flags, int hdr)
{
	int ret;

	memset(t, 0, sizeof(*t));
	t->fd = -1;
	t->sk = -1;
	t->rx.fd = -1;
	t->tx.fd = -1;
	ret = modules_load();
	if (!ret)
		ret = ns_fresh();
	if (ret)
		return ret;
	t->tap = flags & IFF_TAP;
	t->hdr = hdr ?: sizeof(struct virtio_net_hdr);
	t->fd = tunfd_create_up("vr0", flags);
	if (t->fd < 0)
		return t->fd;
	return hdr ? tunfd_int(t->fd, TUNSETVNETHDRSZ, hdr) : 0;
}

int tv_open(struct tv *t, int flags, int hdr)
{
	int ret = tv_device(t, flags, hdr);

	if (!ret) {
		t->sk = psock_open("vr0", false);
		ret = t->sk < 0 ? t->sk : vr_open(&t->rx, BUFS, BUF_SIZE);
	}
	if (!ret)
		ret = vr_open(&t->tx, BUFS, BUF_SIZE);
	if (!ret)
		ret = tv_set(t->fd, true, t->rx.fd);
	if (!ret)
		ret = tv_set(t->fd, false, t->tx.fd);
	return ret;
}

void tv_close(struct tv *t)
{
	if (t->sk >= 0)
		close(t->sk);
	if (t->fd >= 0)
		close(t->fd);
	vr_close(&t->rx);
	vr_close(&t->tx);
}

int tv_set(int tun, bool rx, int fd)
{
	return tunfd_ioctl(tun, rx ? TUNSETRECVVRING : TUNSETXMITVRING, fd);
}

/* Give all receive buffers to the kernel. */
void tv_fill(struct tv *t)
{
	unsigned int i;

	for (i = 0; i < BUFS; i++)
		vr_give(&t->rx, i, BUF_SIZE, W);
}

/* Take one packet with its header, and give the buffer back. */
ssize_t tv_recv(struct tv *t, void *buf, size_t size)
{
	struct vring_used_elem e;
	int ret = vr_wait(&t->rx, 1);

	if (ret)
		return ret;
	e = vr_take(&t->rx);
	if (e.id >= BUFS || e.len > size || e.len < t->hdr)
		return -EBADSLT;
	memcpy(buf, vr_buf(&t->rx, e.id), e.len);
	vr_give(&t->rx, e.id, BUF_SIZE, W);
	ret = vr_kick_if(&t->rx);
	return ret ? ret : e.len;
}

/* Expect @n numbered packets, each behind the header of a plain packet. */
int tv_expect(struct tv *t, uint32_t from, unsigned int n)
{
	static const uint8_t plain[10];
	uint8_t buf[4096];
	ssize_t len;

	for (; n--; from++) {
		len = tv_recv(t, buf, sizeof(buf));
		if (len < 0)
			return len;
		if (memcmp(buf, plain, sizeof(plain)))
			return -EBADE;
		if (seq_of(buf + t->hdr, len - t->hdr, t->tap) != from)
			return -EBADMSG;
	}
	return 0;
}

/* The stack sends numbered packets through the device. */
int tv_inject(struct tv *t, uint32_t from, unsigned int n, size_t len)
{
	uint8_t buf[2048];
	int ret = 0;

	for (; n-- && !ret; from++)
		ret = psock_send(t->sk, NULL, buf,
				 seq_pkt(buf, t->tap, from, len));
	return ret;
}

/* Put a packet into transmit buffer @i, without a kick. */
int tv_send(struct tv *t, unsigned int i, const struct virtio_net_hdr *vh,
	    const void *p, size_t len)
{
	uint8_t *buf = vr_buf(&t->tx, i);

	if (t->hdr + len > BUF_SIZE)
		return -EMSGSIZE;
	memset(buf, 0, t->hdr);
	if (vh)
		memcpy(buf, vh, sizeof(*vh));
	memcpy(buf + t->hdr, p, len);
	vr_give(&t->tx, i, t->hdr + len, 0);
	return 0;
}

/* Return: the next used transmit buffer, or a negative errno. */
int tv_reap(struct tv *t)
{
	struct vring_used_elem e;
	int ret = vr_wait(&t->tx, 1);

	if (ret)
		return ret;
	e = vr_take(&t->tx);
	return e.len ? -EBADE : (int)e.id;
}

/* The device receives the packet with number @seq. */
int tv_seen(struct tv *t, uint32_t seq)
{
	uint8_t buf[4096];
	ssize_t len = psock_recv(t->sk, NULL, buf, sizeof(buf));

	if (len < 0)
		return len;
	return seq_of(buf, len, t->tap) == seq ? 0 : -EBADMSG;
}

/* read(2) returns the packet with number @seq, from a device without headers. */
int tv_read(struct tv *t, uint32_t seq)
{
	uint8_t buf[4096];
	ssize_t len = fd_read_wait(t->fd, buf, sizeof(buf));

	if (len < 0)
		return len;
	return seq_of(buf, len, t->tap) == seq ? 0 : -EBADMSG;
}
