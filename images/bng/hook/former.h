// What a customer still has of a prefix that goes: it is told him with the new one, deprecated, in every reply that gives him
// leases (RFC 8415 18.3.4, RFC 4192 2.3). Kea would say that it is gone, or nothing.
#pragma once

#include <dhcp/option6_ia.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/lease.h>

#include <cstdint>

// Whether a message asks for leases, and its answer gives them.
bool gives_leases(const isc::dhcp::Pkt6& query, const isc::dhcp::Pkt6& response);

// The association of a response that a lease belongs to; null when the response has none.
isc::dhcp::Option6IAPtr association_of(isc::dhcp::Pkt6& response, const isc::dhcp::Lease6& lease);

// Puts a lease into its association as it is: deprecated, and valid for as long as it says.
void tell(isc::dhcp::Option6IA& association, const isc::dhcp::Lease6& lease);
