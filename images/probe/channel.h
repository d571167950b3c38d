/* The sockets by which probes are sent: of STAMP, and of ICMPv6 echo. Neither needs a right. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "pairs.h"

/* What is readable when one of them is. */
int open_channels(void);
void close_channel(struct pair *pair);
/* Sends the pair's next probe, or tells why not. */
void send_probe(struct pair *pair, uint16_t session);
/* Takes times of sending, errors and answers. */
void read_channels(uint16_t session);

#endif
