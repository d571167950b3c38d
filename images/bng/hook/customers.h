// Who holds what: the same that the lease database has, by customer. Knows nothing of Kea.
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

enum class Kind { address, prefix };

struct Holding {
  Kind kind;
  // Empty once the customer declined it: it counts for his MAC until Kea takes it back.
  std::string duid;
  std::string mac;
  // The link-local address that he asked from.
  std::string via;
  // Whether it counts for what he may have; what he has of a former network does not.
  bool counts = true;
};

// Bounds of what is leased (RFC 8415 leaves them to the server's policy).
struct Bounds {
  std::size_t per_customer;
  std::size_t in_all;
};

class Customers {
 public:
  explicit Customers(Bounds bounds) : bounds_(bounds) {}

  void hold(const std::string& lease, const Holding& holding);
  void decline(const std::string& lease);
  void drop(const std::string& lease);
  void clear();

  std::vector<std::string> leases_of(const std::string& duid) const;
  // Whether one more may be leased to a customer who is being granted `granted` of the kind already.
  bool may_have(const std::string& duid, const std::string& mac, Kind kind, std::size_t granted) const;
  // Whether a MAC has a lease, or had one until lately: somebody else may have asked for it by the same DUID.
  bool is_customer(const std::string& mac) const;
  // Whether a link-local address is the next hop of somebody else: with another MAC, and without a lease of this DUID.
  bool is_taken(const std::string& via, const std::string& mac, const std::string& duid) const;

 private:
  // Counted as they come: one MAC of a load generator holds thousands.
  struct Entry {
    std::set<std::string> leases;
    std::size_t number[2] = {0, 0};
  };
  using Clock = std::chrono::steady_clock;
  using Index = std::unordered_map<std::string, Entry>;

  static void add(Index& index, const std::string& key, const std::string& lease, const Holding& holding);
  static void remove(Index& index, const std::string& key, const std::string& lease, const Holding& holding);
  void remember(const std::string& mac);
  static std::size_t count(const Index& index, const std::string& key, Kind kind);

  Bounds bounds_;
  std::unordered_map<std::string, Holding> holdings_;
  // How many of them count.
  std::size_t counted_ = 0;
  Index by_duid_;
  Index by_mac_;
  Index by_via_;
  // When MACs lost their last lease.
  std::unordered_map<std::string, Clock::time_point> former_;
};
