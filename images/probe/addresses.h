/* The addresses that this machine can send from, as the kernel tells them (rtnetlink). */
#ifndef ADDRESSES_H
#define ADDRESSES_H

#include <netinet/in.h>
#include <stdbool.h>

/* Called when a global address becomes usable (past duplicate address detection, also when deprecated), or is not any more. */
typedef void on_address(const struct in6_addr *address, bool usable);

/* Subscribes and asks for all; the socket. */
int open_addresses(void);
/* Takes what was told. Returns whether the first answer is complete. */
bool read_addresses(int socket, on_address *callback);

#endif
