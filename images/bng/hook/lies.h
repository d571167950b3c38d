// What the server says in the place of the truth, on messages as they are on the wire (RFC 8415 8 and 21). Knows nothing of Kea:
// its leases stay what they are, so nothing is left when the lies end.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// As on the wire.
using Bytes = std::string;

struct Delegated {
  Bytes address;
  std::uint8_t length;

  bool operator<(const Delegated& other) const {
    return std::tie(address, length) < std::tie(other.address, other.length);
  }
  bool operator==(const Delegated& other) const { return address == other.address && length == other.length; }
};

// Another server at the same address: it says what this one says, by its own DUID, with prefixes of its own.
struct SecondServer {
  Bytes duid;
  Bytes first_duid;
  Delegated home;
  Delegated first_home;
  std::uint8_t preference;
};

// Each lie that is told; without any, nothing but the truth.
struct Lies {
  std::chrono::milliseconds delay{0};
  bool no_prefix = false;
  bool no_binding = false;
  bool infinite = false;
  // T1 and T2 of whatever is leased.
  std::optional<std::pair<std::uint32_t, std::uint32_t>> times;
  // The length of prefixes that are renewed; 0 is the true one.
  std::uint8_t renewed_length = 0;
  // Old and new prefix, told when the old one is renewed.
  std::map<Delegated, Delegated> moves;
  // Who is delegated a prefix is told this one.
  std::optional<Delegated> same;
  std::optional<SecondServer> second;

  // Makes a message to the second server one to this server; false when it is not for that one.
  bool take_for_second(std::vector<std::uint8_t>& query) const;
  // All that is sent in the place of an answer.
  std::vector<Bytes> instead_of(std::uint8_t query, bool for_second, const Bytes& answer) const;

 private:
  Bytes association(std::uint8_t query, std::uint16_t kind, const Bytes& truth) const;
  void rewrite_prefixes(bool renewal, std::vector<std::pair<Delegated, Bytes>>& prefixes) const;
};
