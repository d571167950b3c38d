#include "customers.h"

namespace {

void unindex(std::unordered_map<std::string, std::set<std::string>>& index, const std::string& key,
             const std::string& lease) {
  auto found = index.find(key);
  if (found == index.end()) return;
  found->second.erase(lease);
  if (found->second.empty()) index.erase(found);
}

}  // namespace

void Customers::hold(const std::string& lease, const Holding& holding) {
  drop(lease);
  holdings_[lease] = holding;
  if (!holding.duid.empty()) by_duid_[holding.duid].insert(lease);
  if (!holding.mac.empty()) by_mac_[holding.mac].insert(lease);
  if (!holding.via.empty()) by_via_[holding.via].insert(lease);
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
  unindex(by_duid_, found->second.duid, lease);
  unindex(by_mac_, found->second.mac, lease);
  unindex(by_via_, found->second.via, lease);
  holdings_.erase(found);
}

void Customers::clear() {
  holdings_.clear();
  by_duid_.clear();
  by_mac_.clear();
  by_via_.clear();
}

std::vector<std::string> Customers::leases_of(const std::string& duid) const {
  auto found = by_duid_.find(duid);
  if (found == by_duid_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

bool Customers::may_have(const std::string& duid, const std::string& mac, Kind kind,
                         std::size_t granted) const {
  const std::size_t limit = bounds_.per_customer;
  return granted < limit && count(by_duid_, duid, kind) + granted < limit &&
         count(by_mac_, mac, kind) + granted < limit && holdings_.size() + granted < bounds_.in_all;
}

bool Customers::is_taken(const std::string& via, const std::string& mac, const std::string& duid) const {
  auto found = by_via_.find(via);
  if (found == by_via_.end()) return false;
  for (const auto& lease : found->second) {
    const Holding& holding = holdings_.at(lease);
    if (holding.mac == mac || holding.duid == duid) return false;
  }
  return true;
}

std::size_t Customers::count(const Index& index, const std::string& key, Kind kind) const {
  auto found = index.find(key);
  if (found == index.end()) return 0;
  std::size_t number = 0;
  // Stops where it is enough: one MAC of a load generator may hold thousands.
  for (const auto& lease : found->second) {
    if (holdings_.at(lease).kind == kind && ++number >= bounds_.per_customer) break;
  }
  return number;
}
