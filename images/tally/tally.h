#ifndef TALLY_H
#define TALLY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct nlmsghdr;

/* Takes one message of an answer. Returns false when it cannot be read. */
typedef bool on_message(const struct nlmsghdr *message, void *into);

/* Sends one question to a family of netlink and hands each message of its answer on, from the beginning again when what it tells
 * changed meanwhile; `forget` is called before. Ends the program when the kernel refuses. */
void ask(int family, struct nlmsghdr *question, on_message *take, void (*forget)(void *into), void *into);

/* The counters of a table, and the elements of one of its sets, whose keys are MACs, IPv6 addresses, or one after the other. */
void print_counters(const char *table);
void print_set(const char *table, const char *set);
/* The neighbours of an interface whose MAC is known. */
void print_neighbours(const char *interface);

/* Prints one JSON value into the list that is open, with a comma where one is needed. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void open_list(const char *name);
void close_list(void);

/* Their texts; the caller's memory holds them. */
#define MAC_BYTES 6
#define MAC_TEXT 18
const char *mac_text(const uint8_t *bytes, char text[MAC_TEXT]);
const char *address_text(const void *bytes, char text[INET6_ADDRSTRLEN]);

void fail(const char *what, int error) __attribute__((noreturn));

#endif
