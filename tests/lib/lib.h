/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that the tests of all suites share.
 *
 * Calls that can fail return a negative errno, so that a test compares the
 * exact error in one expression. No call waits longer than WAIT_MS. Only a test
 * that is about to fail waits that long.
 */
#ifndef TUN_TESTS_LIB_H
#define TUN_TESTS_LIB_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#include "thread.h"

#define WAIT_MS		20000
#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))
#define BIG		70000

/* The flags that stock TUNGETFEATURES reports on 6.1. */
#define TUN_FEATURES_6_1 (IFF_TUN | IFF_TAP | IFF_NO_CARRIER | IFF_NO_PI | \
			  IFF_ONE_QUEUE | IFF_VNET_HDR | IFF_MULTI_QUEUE | \
			  IFF_NAPI | IFF_NAPI_FRAGS)

/* ---- tunfd.c: the character device ---- */
int tunfd_open(void);
int tunfd_ioctl(int fd, unsigned long cmd, unsigned long arg);
int tunfd_ioctlp(int fd, unsigned long cmd, void *arg);
int tunfd_int(int fd, unsigned long cmd, int value);
int tunfd_setiff(int fd, const char *name, int flags, char *out);
int tunfd_create(const char *name, int flags);
int tunfd_create_up(const char *name, int flags);
int tunfd_getiff(int fd, char *name);
int tunfd_queue(int fd, int flags);
int fd_nonblock(int fd);
int fd_wait(int fd, int events, int ms);
ssize_t fd_read(int fd, void *buf, size_t len);
ssize_t fd_read_wait(int fd, void *buf, size_t len);
ssize_t fd_write(int fd, const void *buf, size_t len);
int fd_drain(int fd);

/* ---- mode.c: the headers in front of a packet ---- */
struct mode {
	int flags;	/* of TUNSETIFF */
	int hdr;	/* bytes of the virtio_net_hdr, 0: no header */
	int le;		/* call TUNSETVNETLE */
};

int mode_create(const struct mode *m, const char *name);
size_t mode_prefix(const struct mode *m);
size_t mode_put(const struct mode *m, void *buf, int proto,
		const struct virtio_net_hdr *vh);
size_t mode_get(const struct mode *m, const void *buf, struct tun_pi *pi,
		struct virtio_net_hdr *vh);
ssize_t mode_write(const struct mode *m, int fd, int proto,
		   const struct virtio_net_hdr *vh, const void *p, size_t len);

/* ---- kernel.c: the kernel that runs ---- */
bool kernel_since(int major, int minor, int patch);
bool kernel_is_realtime(void);
bool kernel_tun_is_stock(void);
unsigned int kernel_tun_features(void);

/* ---- net.c: namespaces, interfaces ---- */
int ns_fresh(void);
int ns_enter(void);
void harness_begin(void);
int ns_open(void);
int ns_sysfs(void);
int file_put(const char *path, const char *text);
int file_get(const char *path, char *buf, size_t size);
int if_ioctl(unsigned long cmd, struct ifreq *ifr);
int if_set_flags(const char *name, int set, int clear);
int if_up(const char *name);
int if_down(const char *name);
int if_mtu(const char *name, int mtu);
int if_txqlen(const char *name, int len);
int if_set_mac(const char *name, const uint8_t *mac);
int if_get_mac(const char *name, uint8_t *mac, int *type);
int if_addr4(const char *name, const char *addr);
int if_exists(const char *name);
int if_wait_gone(const char *name);
int if_wait_running(const char *name, bool running);
int if_ethtool(const char *name, void *cmd);
int if_feature(const char *name, uint32_t cmd);

/* ---- fault.c: failing allocations of a thread, on the debug kernel ---- */
int fault_open(void);
int fault_sleeping(bool on);
int fault_arm(int nth, int n);
bool fault_disarm(int nth);

/* ---- rtnl.c: rtnetlink ---- */
struct link_info {
	unsigned int ifindex, flags, mtu, txqlen, ntx, nrx, carrier_changes;
	unsigned short type;
	uint8_t carrier, operstate, addr[32];
	int addrlen;
	char kind[16], qdisc[16];
	struct rtnl_link_stats64 st;
	unsigned int tun_seen;		/* bit n: IFLA_TUN_* number n is set */
	uint32_t tun[IFLA_TUN_MAX + 1];
	uint8_t xdp_mode;
	uint32_t xdp_id;
};

int rtnl_get(const char *name, struct link_info *li);
int rtnl_stats(const char *name, struct rtnl_link_stats64 *st);
int rtnl_del(const char *name);
int rtnl_add(const char *kind, const char *name, const char *peer);
int rtnl_netns(const char *name, int nsfd);
int rtnl_rename(const char *name, const char *to);
int rtnl_master(const char *name, const char *master);
int rtnl_carrier(const char *name, int on);
int rtnl_xdp(const char *name, int prog, uint32_t flags);

/* ---- rtnl_watch.c: announcements of link changes ---- */
int rtnl_watch(void);
void rtnl_watch_wait(int sk);
int rtnl_watch_count(int sk, const char *name);

/* ---- bridge.c ---- */
int rtnl_slow_bridge(const char *port);

/* ---- pkt.c: packets ---- */
struct flow {
	uint16_t sport, dport;
	uint8_t proto;		/* IPPROTO_UDP (or 0) or IPPROTO_TCP */
	bool v6;
	uint32_t seq;
	uint8_t tcp_flags;
};

extern const uint8_t mac_a[ETH_ALEN], mac_b[ETH_ALEN];

uint16_t pkt_csum(const void *buf, size_t len, uint32_t sum);
size_t pkt_eth(void *buf, const uint8_t *dst, const uint8_t *src, int proto);
size_t pkt_ip(void *buf, const struct flow *f, size_t payload);
size_t pkt_frame(void *buf, const struct flow *f, size_t payload);
size_t pkt_any(void *buf, bool tap, const struct flow *f, size_t payload);
void pkt_partial(void *ip);
size_t pkt_l4_off(const void *ip);
size_t pkt_hdr_len(const void *ip);
bool pkt_ip_ok(const void *ip, size_t len);
bool pkt_l4_ok(const void *ip, size_t len);
struct virtio_net_hdr vh_csum(const void *ip, size_t l2);
struct virtio_net_hdr vh_gso(const void *ip, size_t l2, int gso_size);

/* ---- mode.c, with a packet ---- */
/* A device of one mode in a fresh namespace, a packet socket and buffers. */
struct mode_dev {
	struct mode m;
	struct flow f;
	bool tap;
	size_t l2;	/* bytes of the link-layer header */
	int fd;
	int sk;		/* a packet socket on the device */
	char *pkt;	/* each has BIG bytes */
	char *buf;
};

int mode_dev_open(struct mode_dev *d, const struct mode *m, bool vnet);
void mode_dev_close(struct mode_dev *d);

/* ---- psock.c: packet sockets on an interface ---- */
int psock_open(const char *name, bool vnet);
int psock_send(int sk, const struct virtio_net_hdr *vh, const void *p,
	       size_t len);
ssize_t psock_recv(int sk, struct virtio_net_hdr *vh, void *buf, size_t len);
ssize_t psock_recv_now(int sk, struct virtio_net_hdr *vh, void *buf,
		       size_t len);
int psock_send_flow(int sk, bool tap, const struct flow *f, size_t payload);
int udp_open(const char *dev, int port);

/* ---- proc.c: child processes, commands, time ---- */
int child_run(int (*fn)(void *), void *arg);
int child_as_user(uid_t uid, gid_t gid, int (*fn)(void *), void *arg);
int child_in_userns(int (*fn)(void *), void *arg);
int child_ended(pid_t pid, int ms);
long now_ms(void);
long proc_status_kb(const char *field);
int cmd_run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int cmd_out(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int module_refs(const char *name);
int fd_send(int sk, int fd);
int fd_recv(int sk);

/* ---- bpf.c: BPF programs of a few instructions ---- */
struct bpf_insn;
int bpf_load(int type, const struct bpf_insn *prog, int len);
int bpf_const(int type, int value);
int bpf_queue_from_byte(int offset);
int bpf_map(int type, int key, int value, int entries);
int bpf_map_put(int map, const void *key, const void *value);
int bpf_tcx_ingress(const char *dev, int prog);
int xdp_const(int action);
int xdp_redirect(int map, int key);
int xdp_adjust(int head, int tail, int action);
int xdp_swap_mac_tx(void);
int xdp_queue_drop(void);

/* ---- uring.c: io_uring without liburing ---- */
struct uring {
	int fd;
	unsigned int *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

int uring_open(struct uring *u);
int uring_rw(struct uring *u, int op, int fd, void *buf, unsigned int len,
	     uint64_t data);
int uring_wait(struct uring *u, uint64_t *data, int *res);

#endif
