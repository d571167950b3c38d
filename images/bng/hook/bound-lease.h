// What the hook adds to Kea's leases: the next hop and the MAC of whom each was made for, in its user context.
#pragma once

#include <dhcpsrv/lease.h>

#include <string>

#include "customers.h"

struct Bound {
  std::string via;
  std::string mac;
};

// How the agent calls it: address and length.
std::string name_of(const isc::dhcp::Lease6& lease);
// The one of that name as it is stored; null when there is none.
isc::dhcp::Lease6Ptr lease_named(const std::string& name);

Kind kind_of(const isc::dhcp::Lease6& lease);

// Both empty when it was never bound.
Bound bound_to(const isc::dhcp::Lease6& lease);
// Puts them into a lease, which is stored by who calls; false when they are there already.
bool bind_lease(isc::dhcp::Lease6& lease, const std::string& via, const std::string& mac);
