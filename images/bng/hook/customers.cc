#include "customers.h"

namespace {

constexpr std::chrono::minutes remembered{2};
constexpr std::size_t most_remembered = 1024;

}  // namespace

void Customers::hold(const std::string& lease, const Holding& holding) {
  drop(lease);
  holdings_[lease] = holding;
  if (holding.counts) ++counted_;
  add(by_duid_, holding.duid, lease, holding);
  add(by_mac_, holding.mac, lease, holding);
  add(by_via_, holding.via, lease, holding);
}

void Customers::decline(const std::string& lease) {
  auto found = holdings_.find(lease);
  if (found == holdings_.end()) return;
  Holding declined = found->second;
  declined.duid.clear();
  declined.via.clear();
  hold(lease, declined);
}

void Customers::drop(const std::string& lease) {
  auto found = holdings_.find(lease);
  if (found == holdings_.end()) return;
  const Holding& holding = found->second;
  if (holding.counts) --counted_;
  remove(by_duid_, holding.duid, lease, holding);
  remove(by_mac_, holding.mac, lease, holding);
  remember(holding.mac);
  remove(by_via_, holding.via, lease, holding);
  holdings_.erase(found);
}

void Customers::clear() {
  holdings_.clear();
  counted_ = 0;
  by_duid_.clear();
  by_mac_.clear();
  by_via_.clear();
}

bool Customers::is_customer(const std::string& mac) const {
  if (by_mac_.count(mac) > 0) return true;
  const auto found = former_.find(mac);
  return found != former_.end() && Clock::now() - found->second < remembered;
}

void Customers::remember(const std::string& mac) {
  if (mac.empty() || by_mac_.count(mac) > 0) return;
  if (former_.size() >= most_remembered) former_.clear();
  former_[mac] = Clock::now();
}

std::vector<std::string> Customers::leases_of(const std::string& duid) const {
  auto found = by_duid_.find(duid);
  if (found == by_duid_.end()) return {};
  return {found->second.leases.begin(), found->second.leases.end()};
}

bool Customers::may_have(const std::string& duid, const std::string& mac, Kind kind,
                         std::size_t granted) const {
  const std::size_t limit = bounds_.per_customer;
  return granted < limit && count(by_duid_, duid, kind) + granted < limit &&
         count(by_mac_, mac, kind) + granted < limit && counted_ + granted < bounds_.in_all;
}

bool Customers::is_taken(const std::string& via, const std::string& mac, const std::string& duid) const {
  auto found = by_via_.find(via);
  if (found == by_via_.end()) return false;
  for (const auto& lease : found->second.leases) {
    const Holding& holding = holdings_.at(lease);
    if (holding.mac == mac || holding.duid == duid) return false;
  }
  return true;
}

void Customers::add(Index& index, const std::string& key, const std::string& lease, const Holding& holding) {
  if (key.empty()) return;
  Entry& entry = index[key];
  if (entry.leases.insert(lease).second && holding.counts) ++entry.number[static_cast<int>(holding.kind)];
}

void Customers::remove(Index& index, const std::string& key, const std::string& lease, const Holding& holding) {
  auto found = index.find(key);
  if (found == index.end() || found->second.leases.erase(lease) == 0) return;
  if (holding.counts) --found->second.number[static_cast<int>(holding.kind)];
  if (found->second.leases.empty()) index.erase(found);
}

std::size_t Customers::count(const Index& index, const std::string& key, Kind kind) {
  auto found = index.find(key);
  return found == index.end() ? 0 : found->second.number[static_cast<int>(kind)];
}
