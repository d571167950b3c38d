#include "stamp.h"

#include "probe.h"

#include <string.h>

/* RFC 8972 4.2: for private use. */
#define TLV_INTERFACE 252
#define TLV_UNKNOWN 0x80
/* S 0, Z 1 (the PTPv2 format, which has nanoseconds), scale 0, multiplier 1 (RFC 8762 4.2.1, RFC 8186). */
#define ERROR_ESTIMATE 0x4001

static void put16(uint8_t *at, uint16_t value) {
  at[0] = value >> 8;
  at[1] = value;
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value);
}

static uint16_t get16(const uint8_t *at) {
  return at[0] << 8 | at[1];
}

static uint32_t get32(const uint8_t *at) {
  return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static void put_time(uint8_t *at, int64_t ns) {
  put32(at, ns / SECOND);
  put32(at + 4, ns % SECOND);
}

void make_probe(uint8_t *packet, struct probe_id id, int64_t sent_ns) {
  memset(packet, 0, STAMP_LENGTH);
  put32(packet, id.seq);
  put_time(packet + 4, sent_ns);
  put16(packet + 12, ERROR_ESTIMATE);
  put16(packet + 14, id.session);
  packet[STAMP_BASE] = TLV_UNKNOWN;
  packet[STAMP_BASE + 1] = TLV_INTERFACE;
  put16(packet + STAMP_BASE + 2, IFNAMSIZ);
}

bool read_probe(const uint8_t *packet, size_t length, struct probe_id *id) {
  if (length < STAMP_BASE) return false;
  *id = (struct probe_id){.seq = get32(packet), .session = get16(packet + 14)};
  return true;
}

bool read_reflection(const uint8_t *packet, size_t length, struct probe_id *id, struct reflection *reflection) {
  if (length < STAMP_BASE) return false;
  *id = (struct probe_id){.seq = get32(packet + 24), .session = get16(packet + 14)};
  *reflection = (struct reflection){.arrived_ns = get32(packet + 16) * SECOND + get32(packet + 20)};
  const uint8_t *tlv = packet + STAMP_BASE;
  if (length < STAMP_LENGTH || (tlv[0] & TLV_UNKNOWN) != 0 || tlv[1] != TLV_INTERFACE) return true;
  /* What comes from the network is no name before it looks like one. */
  for (int index = 0; index < IFNAMSIZ - 1; index++) {
    const char one = (char)tlv[4 + index];
    if (one == '\0') break;
    const bool fine = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
    if (!fine && one != '-' && one != '.' && one != '_') {
      reflection->interface[0] = '\0';
      break;
    }
    reflection->interface[index] = one;
  }
  return true;
}

static void answer_tlvs(uint8_t *packet, size_t length, const char *interface) {
  for (size_t at = STAMP_BASE; at + 4 <= length;) {
    const size_t size = get16(packet + at + 2);
    if (at + 4 + size > length) return;
    if (packet[at + 1] == TLV_INTERFACE && size == IFNAMSIZ) {
      packet[at] &= (uint8_t)~TLV_UNKNOWN;
      strncpy((char *)packet + at + 4, interface, IFNAMSIZ);
    } else packet[at] |= TLV_UNKNOWN;
    at += 4 + size;
  }
}

void reflect_probe(uint8_t *packet, size_t length, const struct reflection *reflection, int hop_limit) {
  memcpy(packet + 24, packet, 14);
  put16(packet + 38, 0);
  packet[40] = hop_limit;
  memset(packet + 41, 0, 3);
  put_time(packet + 16, reflection->arrived_ns);
  answer_tlvs(packet, length, reflection->interface);
  put_time(packet + 4, now_ns());
  put16(packet + 12, ERROR_ESTIMATE);
}
