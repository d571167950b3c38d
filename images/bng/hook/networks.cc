#include <config.h>

#include "networks.h"

#include <asiolink/io_address.h>

#include <algorithm>

using isc::asiolink::IOAddress;
using isc::data::ConstElementPtr;
using isc::dhcp::Lease;
using isc::dhcp::Lease6;

namespace {

constexpr std::size_t transfer_length = 64;

std::vector<std::uint8_t> bytes_in(const ConstElementPtr& map, const char* key) {
  ConstElementPtr value = map->get(key);
  return value ? IOAddress(value->stringValue()).toBytes() : std::vector<std::uint8_t>();
}

std::int64_t number_in(const ConstElementPtr& map, const char* key) {
  ConstElementPtr value = map->get(key);
  return value ? value->intValue() : 0;
}

bool contains(const std::vector<std::uint8_t>& network, std::size_t length, const std::vector<std::uint8_t>& address) {
  if (network.size() != address.size()) return false;
  const std::size_t whole = length / 8;
  if (!std::equal(network.begin(), network.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  const std::size_t rest = length % 8;
  return rest == 0 || ((network[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

}  // namespace

Networks::Networks(const ConstElementPtr& list) {
  for (std::size_t index = 0; list && index < list->size(); ++index) {
    const ConstElementPtr one = list->get(static_cast<int>(index));
    Network network;
    network.transfer = bytes_in(one, "transfer");
    network.pool = bytes_in(one, "pool");
    network.pool_length = static_cast<std::size_t>(number_in(one, "pool-length"));
    network.delegated_length = static_cast<std::size_t>(number_in(one, "delegated-length"));
    network.until = number_in(one, "until");
    networks_.push_back(network);
  }
}

const Network* Networks::of(const Lease6& lease) const {
  const auto address = lease.addr_.toBytes();
  for (const auto& network : networks_) {
    const bool is_of = lease.type_ == Lease::TYPE_PD
                           ? lease.prefixlen_ == network.delegated_length &&
                                 contains(network.pool, network.pool_length, address)
                           : contains(network.transfer, transfer_length, address);
    if (is_of) return &network;
  }
  return nullptr;
}
