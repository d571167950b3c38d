#include <config.h>

#include "former.h"

#include <dhcp/dhcp6.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>

using isc::dhcp::Lease;
using isc::dhcp::Lease6;
using isc::dhcp::Option6IA;
using isc::dhcp::Option6IAAddr;
using isc::dhcp::Option6IAAddrPtr;
using isc::dhcp::Option6IAPrefix;
using isc::dhcp::Option6IAPtr;
using isc::dhcp::OptionPtr;
using isc::dhcp::Pkt6;

bool gives_leases(const Pkt6& query, const Pkt6& response) {
  if (response.getType() != DHCPV6_REPLY) return false;
  switch (query.getType()) {
    case DHCPV6_SOLICIT:
    case DHCPV6_REQUEST:
    case DHCPV6_RENEW:
    case DHCPV6_REBIND:
      return true;
    default:
      return false;
  }
}

Option6IAPtr association_of(Pkt6& response, const Lease6& lease) {
  for (const auto& found : response.getOptions(lease.type_ == Lease::TYPE_PD ? D6O_IA_PD : D6O_IA_NA)) {
    Option6IAPtr association = boost::dynamic_pointer_cast<Option6IA>(found.second);
    if (association && association->getIAID() == lease.iaid_) return association;
  }
  return {};
}

void tell(Option6IA& association, const Lease6& lease) {
  // It is not true any more that there was nothing for him.
  while (association.delOption(D6O_STATUS_CODE)) continue;
  for (const auto& found : association.getOptions()) {
    // A prefix is one, too.
    Option6IAAddrPtr known = boost::dynamic_pointer_cast<Option6IAAddr>(found.second);
    if (!known || known->getAddress() != lease.addr_) continue;
    known->setPreferred(lease.preferred_lft_);
    known->setValid(lease.valid_lft_);
    return;
  }
  OptionPtr told;
  if (lease.type_ == Lease::TYPE_PD)
    told.reset(new Option6IAPrefix(D6O_IAPREFIX, lease.addr_, lease.prefixlen_, lease.preferred_lft_, lease.valid_lft_));
  else
    told.reset(new Option6IAAddr(D6O_IAADDR, lease.addr_, lease.preferred_lft_, lease.valid_lft_));
  association.addOption(told);
}
