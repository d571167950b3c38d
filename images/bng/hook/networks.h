// The networks that a provider leases from: the current one, and while it is renumbered former ones, of which nothing is
// leased anew (RFC 4192).
#pragma once

#include <cc/data.h>
#include <dhcpsrv/lease.h>

#include <cstdint>
#include <string>
#include <vector>

struct Network {
  // The bytes of the first address.
  std::vector<std::uint8_t> transfer;
  // Empty when nothing is delegated.
  std::vector<std::uint8_t> pool;
  std::size_t pool_length = 0;
  std::size_t delegated_length = 0;
  // When it ends, in seconds since 1970; 0 is the current one, which does not.
  std::int64_t until = 0;

  bool is_former() const { return until != 0; }
};

class Networks {
 public:
  // Reads the list of the hook's parameters.
  explicit Networks(const isc::data::ConstElementPtr& list);

  // The network that a lease is of; null when the provider has it no more.
  const Network* of(const isc::dhcp::Lease6& lease) const;

 private:
  std::vector<Network> networks_;
};
