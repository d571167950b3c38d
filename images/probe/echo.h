/* The echo service at the far side (RFC 862): what flows talk to, by TCP, MPTCP and UDP. */
#ifndef ECHO_H
#define ECHO_H

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>

#define ECHO_PORT 7
/* Connections, and those of one customer: nobody needs so many, and nobody else is shut out by him. */
#define MOST_OPEN 512
#define MOST_OF_ONE 64

/* Whether a customer has not sent too much: a /56 is one (RFC 6177). */
bool may_send(const struct in6_addr *source);

void open_echo(const struct in6_addr *here);
/* Adds what it waits for; how many. There must be room for MOST_OPEN + 2. */
int await_echo(struct pollfd *fds);
/* Does what became possible. */
void serve_echo(const struct pollfd *fds, int count);

#endif
