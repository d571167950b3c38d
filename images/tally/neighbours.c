#include "tally.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

struct neighbour {
  struct in6_addr address;
  uint8_t mac[MAC_BYTES];
};

struct neighbours {
  unsigned interface;
  struct neighbour *items;
  size_t count, room;
};

static void forget(void *into) {
  ((struct neighbours *)into)->count = 0;
}

static void add(struct neighbours *neighbours, const struct in6_addr *address, const uint8_t *mac) {
  if (neighbours->count == neighbours->room) {
    neighbours->room = neighbours->room == 0 ? 256 : 2 * neighbours->room;
    neighbours->items = realloc(neighbours->items, neighbours->room * sizeof *neighbours->items);
    if (neighbours->items == NULL) fail("neighbours", ENOMEM);
  }
  struct neighbour *const one = &neighbours->items[neighbours->count++];
  one->address = *address;
  memcpy(one->mac, mac, MAC_BYTES);
}

static bool take(const struct nlmsghdr *message, void *into) {
  struct neighbours *neighbours = into;
  const struct ndmsg *body = mnl_nlmsg_get_payload(message);
  if ((unsigned)body->ndm_ifindex != neighbours->interface || (body->ndm_state & NUD_NOARP) != 0) return true;
  const struct in6_addr *address = NULL;
  const uint8_t *mac = NULL;
  const struct nlattr *attribute;
  mnl_attr_for_each(attribute, message, sizeof *body) {
    const uint16_t length = mnl_attr_get_payload_len(attribute);
    if (mnl_attr_get_type(attribute) == NDA_DST && length == sizeof *address) address = mnl_attr_get_payload(attribute);
    if (mnl_attr_get_type(attribute) == NDA_LLADDR && length == MAC_BYTES) mac = mnl_attr_get_payload(attribute);
  }
  if (address != NULL && mac != NULL) add(neighbours, address, mac);
  return true;
}

void print_neighbours(const char *interface) {
  char question[128];
  struct neighbours neighbours = {.interface = if_nametoindex(interface)};
  if (neighbours.interface == 0) return;
  struct nlmsghdr *head = mnl_nlmsg_put_header(question);
  head->nlmsg_type = RTM_GETNEIGH;
  head->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  struct ndmsg *body = mnl_nlmsg_put_extra_header(head, sizeof *body);
  body->ndm_family = AF_INET6;
  ask(NETLINK_ROUTE, head, take, forget, &neighbours);
  for (size_t at = 0; at < neighbours.count; at++) {
    char address[INET6_ADDRSTRLEN], mac[MAC_TEXT];
    const struct neighbour *const one = &neighbours.items[at];
    print(
        "{\"dst\":\"%s\",\"lladdr\":\"%s\"}", address_text(&one->address, address), mac_text(one->mac, mac)
    );
  }
  free(neighbours.items);
}
