#include "tally.h"

/* libnftnl's headers need it. */
#include <stdio.h>

#include <errno.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/object.h>
#include <libnftnl/set.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#define MOST_COUNTERS 64
/* In a key of several parts each begins at a multiple of four. */
#define PADDED_MAC_BYTES 8
#define ADDRESS_BYTES 16
#define COUNTER_TEXT 64

struct counters {
  struct nftnl_obj *items[MOST_COUNTERS];
  int count;
};

struct elements {
  const char *table, *name;
  struct nftnl_set *set;
};

static void forget_counters(void *into) {
  struct counters *counters = into;
  while (counters->count > 0) nftnl_obj_free(counters->items[--counters->count]);
}

static bool take_counter(const struct nlmsghdr *message, void *into) {
  struct counters *counters = into;
  struct nftnl_obj *counter = nftnl_obj_alloc();
  if (counter == NULL || counters->count == MOST_COUNTERS) fail("counters", ENOMEM);
  if (nftnl_obj_nlmsg_parse(message, counter) < 0) return false;
  counters->items[counters->count++] = counter;
  return true;
}

void print_counters(const char *table) {
  char question[1024];
  struct counters counters = {.count = 0};
  struct nftnl_obj *wanted = nftnl_obj_alloc();
  if (wanted == NULL || strlen(table) > NFT_TABLE_MAXNAMELEN) fail(table, EINVAL);
  nftnl_obj_set_str(wanted, NFTNL_OBJ_TABLE, table);
  nftnl_obj_set_u32(wanted, NFTNL_OBJ_TYPE, NFT_OBJECT_COUNTER);
  struct nlmsghdr *head = nftnl_nlmsg_build_hdr(question, NFT_MSG_GETOBJ, NFPROTO_NETDEV, NLM_F_DUMP, 0);
  nftnl_obj_nlmsg_build_payload(head, wanted);
  ask(NETLINK_NETFILTER, head, take_counter, forget_counters, &counters);
  for (int at = 0; at < counters.count; at++)
    print(
        "{\"counter\":{\"name\":\"%s\",\"packets\":%llu}}",
        nftnl_obj_get_str(counters.items[at], NFTNL_OBJ_NAME),
        (unsigned long long)nftnl_obj_get_u64(counters.items[at], NFTNL_OBJ_CTR_PKTS)
    );
  forget_counters(&counters);
  nftnl_obj_free(wanted);
}

static struct nftnl_set *name_set(const struct elements *elements) {
  struct nftnl_set *set = nftnl_set_alloc();
  if (set == NULL) fail(elements->name, ENOMEM);
  nftnl_set_set_str(set, NFTNL_SET_TABLE, elements->table);
  nftnl_set_set_str(set, NFTNL_SET_NAME, elements->name);
  return set;
}

static void forget_elements(void *into) {
  struct elements *elements = into;
  if (elements->set != NULL) nftnl_set_free(elements->set);
  elements->set = name_set(elements);
}

static bool take_elements(const struct nlmsghdr *message, void *into) {
  return nftnl_set_elems_nlmsg_parse(message, ((struct elements *)into)->set) >= 0;
}

/* Returns false for a key of another kind. */
static bool write_key(const uint8_t *key, uint32_t length, char *text, size_t size) {
  char mac[MAC_TEXT], address[INET6_ADDRSTRLEN];
  if (length == MAC_BYTES) snprintf(text, size, "\"%s\"", mac_text(key, mac));
  else if (length == ADDRESS_BYTES) snprintf(text, size, "\"%s\"", address_text(key, address));
  else if (length == PADDED_MAC_BYTES + ADDRESS_BYTES)
    snprintf(
        text, size, "{\"concat\":[\"%s\",\"%s\"]}", mac_text(key, mac), address_text(key + PADDED_MAC_BYTES, address)
    );
  else return false;
  return true;
}

static int write_counter(struct nftnl_expr *expression, void *text) {
  if (strcmp(nftnl_expr_get_str(expression, NFTNL_EXPR_NAME), "counter") != 0) return 0;
  const unsigned long long packets = nftnl_expr_get_u64(expression, NFTNL_EXPR_CTR_PACKETS);
  snprintf(text, COUNTER_TEXT, ",\"counter\":{\"packets\":%llu}", packets);
  return 0;
}

static void print_element(struct nftnl_set_elem *element) {
  char key_text[128], counter_text[COUNTER_TEXT] = "", expires_text[48] = "";
  uint32_t length = 0;
  const uint8_t *key = nftnl_set_elem_get(element, NFTNL_SET_ELEM_KEY, &length);
  if (key == NULL || !write_key(key, length, key_text, sizeof key_text)) return;
  nftnl_set_elem_expr_foreach(element, write_counter, counter_text);
  if (nftnl_set_elem_is_set(element, NFTNL_SET_ELEM_EXPIRATION)) {
    const unsigned long long ms = nftnl_set_elem_get_u64(element, NFTNL_SET_ELEM_EXPIRATION);
    snprintf(expires_text, sizeof expires_text, ",\"expires\":%llu", ms / 1000);
  }
  print("{\"elem\":{\"val\":%s%s%s}}", key_text, counter_text, expires_text);
}

void print_set(const char *table, const char *set) {
  char question[1024];
  struct elements elements = {.table = table, .name = set};
  if (strlen(table) > NFT_TABLE_MAXNAMELEN || strlen(set) > NFT_SET_MAXNAMELEN) fail(set, EINVAL);
  struct nlmsghdr *head = nftnl_nlmsg_build_hdr(question, NFT_MSG_GETSETELEM, NFPROTO_NETDEV, NLM_F_DUMP, 0);
  struct nftnl_set *wanted = name_set(&elements);
  nftnl_set_elems_nlmsg_build_payload(head, wanted);
  ask(NETLINK_NETFILTER, head, take_elements, forget_elements, &elements);
  print("{\"set\":{\"name\":\"%s\"", set);
  struct nftnl_set_elems_iter *iterator = nftnl_set_elems_iter_create(elements.set);
  if (iterator == NULL) fail(set, ENOMEM);
  open_list("elem");
  for (struct nftnl_set_elem *one; (one = nftnl_set_elems_iter_next(iterator)) != NULL;) print_element(one);
  close_list();
  printf("}}");
  nftnl_set_elems_iter_destroy(iterator);
  nftnl_set_free(elements.set);
  nftnl_set_free(wanted);
}
