/* Packets of STAMP, unauthenticated (RFC 8762 4.2.1, 4.3.1), with a TLV for the interface that one came in by (RFC 8972 4). */
#ifndef STAMP_H
#define STAMP_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAMP_PORT 862
#define STAMP_BASE 44
/* With one TLV of a name. */
#define STAMP_LENGTH (STAMP_BASE + 4 + IFNAMSIZ)

/* What a sender's packet says; seq and session are enough to know it again. */
struct probe_id {
  uint32_t seq;
  uint16_t session;
};

/* What its reflection says besides. */
struct reflection {
  int64_t arrived_ns;
  char interface[IFNAMSIZ];
};

/* Makes a sender's packet of STAMP_LENGTH. */
void make_probe(uint8_t *packet, struct probe_id id, int64_t sent_ns);
/* What a sender's packet is; an echo reply holds the same. False when it is too short. */
bool read_probe(const uint8_t *packet, size_t length, struct probe_id *id);
/* What a reflected packet is. False when it is none. */
bool read_reflection(const uint8_t *packet, size_t length, struct probe_id *id, struct reflection *reflection);
/* Turns a sender's packet into its reflection, of the same length. */
void reflect_probe(uint8_t *packet, size_t length, const struct reflection *reflection, int hop_limit);

#endif
