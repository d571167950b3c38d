#include "addresses.h"

#include "probe.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

/* What an interface may have at most here; the kernel's own limit is 16 from advertisements. */
#define MOST_HELD 512
#define UNUSABLE (IFA_F_TENTATIVE | IFA_F_DADFAILED)

/* By interface: an address may be on two, and goes with the last. */
static struct held {
  struct in6_addr address;
  unsigned interface;
  bool confirmed;
} held[MOST_HELD];
static int count;
static bool complete;

static void ask(int socket) {
  struct {
    struct nlmsghdr head;
    struct ifaddrmsg body;
  } request = {
      .head = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETADDR, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .body = {.ifa_family = AF_INET6},
  };
  for (int index = 0; index < count; index++) held[index].confirmed = false;
  if (send(socket, &request, sizeof request, 0) < 0) fail("rtnetlink", errno);
}

int open_addresses(void) {
  const int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  const struct sockaddr_nl here = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_IPV6_IFADDR};
  if (netlink < 0 || bind(netlink, (const struct sockaddr *)&here, sizeof here) < 0) fail("rtnetlink", errno);
  ask(netlink);
  return netlink;
}

static bool is_held(const struct in6_addr *address) {
  for (int index = 0; index < count; index++)
    if (IN6_ARE_ADDR_EQUAL(&held[index].address, address)) return true;
  return false;
}

static void take(const struct in6_addr *address, unsigned interface, on_address *callback) {
  for (int index = 0; index < count; index++) {
    if (held[index].interface != interface || !IN6_ARE_ADDR_EQUAL(&held[index].address, address)) continue;
    held[index].confirmed = true;
    return;
  }
  if (count == MOST_HELD) return;
  const bool known = is_held(address);
  held[count++] = (struct held){.address = *address, .interface = interface, .confirmed = true};
  if (!known) callback(address, true);
}

static void drop(int index, on_address *callback) {
  const struct in6_addr address = held[index].address;
  held[index] = held[--count];
  if (!is_held(&address)) callback(&address, false);
}

static void read_one(const struct nlmsghdr *head, on_address *callback) {
  const struct ifaddrmsg *body = NLMSG_DATA(head);
  if (body->ifa_family != AF_INET6 || body->ifa_scope != RT_SCOPE_UNIVERSE) return;
  uint32_t flags = body->ifa_flags;
  const struct in6_addr *address = NULL;
  int left = IFA_PAYLOAD(head);
  for (const struct rtattr *one = IFA_RTA(body); RTA_OK(one, left); one = RTA_NEXT(one, left)) {
    if (one->rta_type == IFA_ADDRESS && address == NULL) address = RTA_DATA(one);
    /* Of a point-to-point link the other end is the address. */
    if (one->rta_type == IFA_LOCAL) address = RTA_DATA(one);
    if (one->rta_type == IFA_FLAGS) memcpy(&flags, RTA_DATA(one), sizeof flags);
  }
  if (address == NULL) return;
  if (head->nlmsg_type == RTM_NEWADDR && (flags & UNUSABLE) == 0) return take(address, body->ifa_index, callback);
  for (int index = count - 1; index >= 0; index--)
    if (held[index].interface == body->ifa_index && IN6_ARE_ADDR_EQUAL(&held[index].address, address))
      drop(index, callback);
}

bool read_addresses(int socket, on_address *callback) {
  static _Alignas(struct nlmsghdr) char buffer[32768];
  for (;;) {
    const ssize_t size = recv(socket, buffer, sizeof buffer, 0);
    if (size < 0 && errno == ENOBUFS) {
      /* Something was told that did not fit: all is asked again. */
      ask(socket);
      continue;
    }
    if (size <= 0) return complete;
    int left = (int)size;
    for (struct nlmsghdr *head = (struct nlmsghdr *)buffer; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
      if (head->nlmsg_type == RTM_NEWADDR || head->nlmsg_type == RTM_DELADDR) read_one(head, callback);
      if (head->nlmsg_type != NLMSG_DONE) continue;
      complete = true;
      for (int index = count - 1; index >= 0; index--)
        if (!held[index].confirmed) drop(index, callback);
    }
  }
}
