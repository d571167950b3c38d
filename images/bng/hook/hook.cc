// Kea's hook of a BNG (Kea 2.6 Hooks Developer's Guide). It knows who really sent each message, keeps next hop and MAC with
// the lease, bounds what a customer holds, and tells the agent of every change. The lease database stays the truth; what is
// answered may be something else, when a fault wants it so.
#include <config.h>

#include <cc/data.h>
#include <dhcp/dhcp6.h>
#include <dhcp/iface_mgr.h>
#include <dhcp/option6_status_code.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/lease.h>
#include <dhcpsrv/lease_mgr.h>
#include <dhcpsrv/lease_mgr_factory.h>
#include <hooks/hooks.h>

#include <ctime>
#include <memory>

#include "answers.h"
#include "bound-lease.h"
#include "busy.h"
#include "customers.h"
#include "former.h"
#include "lies-parameter.h"
#include "networks.h"
#include "notices.h"
#include "port.h"

using isc::data::ConstElementPtr;
using isc::dhcp::DuidPtr;
using isc::dhcp::Lease;
using isc::dhcp::Lease6;
using isc::dhcp::Lease6Collection;
using isc::dhcp::Lease6CollectionPtr;
using isc::dhcp::Lease6Ptr;
using isc::dhcp::LeaseMgrFactory;
using isc::dhcp::Pkt6;
using isc::dhcp::Pkt6Ptr;
using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

namespace {

// Keys of a message's own context.
const char* const sender_key = "sender";
const char* const granted_key[] = {"granted-address", "granted-prefix"};
const char* const query_key = "query";
const char* const second_key = "second";
// The subnet of Kea's configuration, and one that is not in it: Kea neither renews nor allocates what is in that.
constexpr isc::dhcp::SubnetID current_subnet = 1;
constexpr isc::dhcp::SubnetID former_subnet = 2;

struct Hook {
  Hook(Bounds bounds, const ConstElementPtr& nets, const std::string& notices_path, std::string own,
       ConstElementPtr to_lie)
      : customers(bounds),
        networks(nets),
        notices(notices_path),
        own_address(std::move(own)),
        lying(to_lie != nullptr),
        lies(read_lies(to_lie)),
        port(Port::install()),
        answers(port) {}

  Customers customers;
  Networks networks;
  Notices notices;
  std::string own_address;
  bool lying;
  Lies lies;
  Port& port;
  Answers answers;
};

std::unique_ptr<Hook> hook;

void hold(const Lease6& lease) {
  const std::string duid = lease.duid_ ? lease.duid_->toText() : std::string();
  const Bound bound = bound_to(lease);
  hook->customers.hold(name_of(lease),
                       {kind_of(lease), duid, bound.mac, bound.via, lease.subnet_id_ != former_subnet});
}

void end(const std::string& name) {
  hook->customers.drop(name);
  hook->notices.send("gone " + name);
}

std::string sender_in(CalloutHandle& handle) {
  std::string sender;
  try {
    handle.getContext(sender_key, sender);
  } catch (const isc::hooks::NoSuchCalloutContext&) {
    // Of no message that came through pkt6_receive.
  }
  return sender;
}

void bind_to_sender(CalloutHandle& handle) {
  Pkt6Ptr query;
  Lease6Ptr lease;
  handle.getArgument("query6", query);
  handle.getArgument("lease6", lease);
  const std::string mac = sender_in(handle);
  if (query && lease && !mac.empty()) bind_lease(*lease, query->getRemoteAddr().toText(), mac);
}

// Whether a message gives up a lease that another MAC holds; then the lease stays. A DUID is no secret, a MAC is checked at the port.
bool keep_from_others(CalloutHandle& handle, CalloutHandle::CalloutNextStep keep) {
  Lease6Ptr lease;
  handle.getArgument("lease6", lease);
  const std::string holder = bound_to(*lease).mac;
  if (holder.empty() || holder == sender_in(handle)) return false;
  handle.setStatus(keep);
  hook->notices.send("foreign");
  return true;
}

// Sorts a lease by the network that it is of; false when it is of none any more, and deleted.
bool sort_in(const Lease6Ptr& lease) {
  auto& database = LeaseMgrFactory::instance();
  const Network* network = hook->networks.of(*lease);
  if (!network) {
    database.deleteLease(lease);
    return false;
  }
  const auto subnet = network->is_former() ? former_subnet : current_subnet;
  if (lease->subnet_id_ != subnet) {
    lease->subnet_id_ = subnet;
    database.updateLease6(lease);
  }
  return true;
}

// The MAC that sent a message, as text.
std::string mac_of(const Pkt6& query) {
  const auto address = query.getRemoteHWAddr();
  return address ? address->toText(false) : std::string();
}

// With the message after it: replies may leave on another thread than Kea's, and notices only on Kea's.
void tell_unsent() {
  const auto number = hook->port.take_unsent();
  if (number > 0) hook->notices.send("unsent " + std::to_string(number));
}

// Lets a customer know what he still has of a former network, for as long as that is there.
void tell_former(const Pkt6Ptr& query, Pkt6& response, const std::string& mac) {
  const DuidPtr duid = query->getClientId();
  if (!duid || !gives_leases(*query, response)) return;
  for (const auto& name : hook->customers.leases_of(duid->toText())) {
    Lease6Ptr lease = lease_named(name);
    if (!lease || lease->subnet_id_ != former_subnet || lease->state_ != Lease::STATE_DEFAULT) continue;
    const Network* network = hook->networks.of(*lease);
    const auto now = ::time(nullptr);
    if (!network || network->until <= now) continue;
    const auto association = association_of(response, *lease);
    if (!association) continue;
    lease->preferred_lft_ = 0;
    lease->valid_lft_ = static_cast<std::uint32_t>(network->until - now);
    lease->cltt_ = now;
    if (!mac.empty()) bind_lease(*lease, query->getRemoteAddr().toText(), mac);
    try {
      LeaseMgrFactory::instance().updateLease6(lease);
    } catch (const std::exception&) {
      // The disk is full; it is told all the same.
    }
    tell(*association, *lease);
    hook->notices.send("set " + lease->toElement()->str());
  }
}

// What the database does not have any more for a customer, whichever way it went: a swapped pool deletes without a callout.
void end_vanished(const isc::dhcp::DUID& duid) {
  for (const auto& name : hook->customers.leases_of(duid.toText())) {
    Lease6Ptr lease = lease_named(name);
    if (!lease || !lease->duid_ || *lease->duid_ != duid || lease->state_ != Lease::STATE_DEFAULT) end(name);
  }
}

}  // namespace

extern "C" {

int version() { return KEA_HOOKS_VERSION; }

int multi_threading_compatible() { return 0; }

int load(LibraryHandle& handle) {
  const Bounds bounds{static_cast<std::size_t>(handle.getParameter("per-customer")->intValue()),
                      static_cast<std::size_t>(handle.getParameter("in-all")->intValue())};
  hook = std::make_unique<Hook>(bounds, handle.getParameter("networks"), handle.getParameter("notices")->stringValue(),
                                handle.getParameter("own-address")->stringValue(), handle.getParameter("lies"));
  return 0;
}

int unload() {
  hook.reset();
  return 0;
}

// The database is open now, also after a reload.
int dhcp6_srv_configured(CalloutHandle&) {
  hook->customers.clear();
  for (const auto& lease : LeaseMgrFactory::instance().getLeases6()) {
    if (sort_in(lease) && lease->state_ == Lease::STATE_DEFAULT) hold(*lease);
  }
  hook->notices.send("lost");
  return 0;
}

// A server that is offered too much would end no exchange. It leaves out new ones, which their clients ask for again, and
// everything but the second half of an exchange from a MAC without a lease, so that who has a lease can renew it. Before the
// message is unpacked, so that what is not served costs little.
int buffer6_receive(CalloutHandle& handle) {
  Pkt6Ptr query;
  handle.getArgument("query6", query);
  tell_unsent();
  const std::uint8_t type = query->data_.empty() ? 0 : query->data_.front();
  const bool can_wait =
      type == DHCPV6_SOLICIT || (type != DHCPV6_REQUEST && !hook->customers.is_customer(mac_of(*query)));
  if (can_wait && is_busy(query->getIndex())) handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
  if (hook->lying && !query->data_.empty()) {
    handle.setContext(query_key, query->data_.front());
    handle.setContext(second_key, hook->lies.take_for_second(query->data_));
  }
  return 0;
}

// Only who asks from a link-local address of his own can be routed to (RFC 8415 16, RFC 4861 8.1).
int pkt6_receive(CalloutHandle& handle) {
  Pkt6Ptr query;
  handle.getArgument("query6", query);
  const auto& source = query->getRemoteAddr();
  const std::string via = source.toText();
  if (source.isV6LinkLocal() && via != hook->own_address) {
    const std::string mac = mac_of(*query);
    const DuidPtr duid = query->getClientId();
    if (!mac.empty() && !hook->customers.is_taken(via, mac, duid ? duid->toText() : std::string())) {
      handle.setContext(sender_key, mac);
      return 0;
    }
  }
  handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
  return 0;
}

int lease6_select(CalloutHandle& handle) {
  Lease6Ptr lease;
  handle.getArgument("lease6", lease);
  const std::string mac = sender_in(handle);
  const Kind kind = kind_of(*lease);
  const char* const key = granted_key[static_cast<int>(kind)];
  std::size_t granted = 0;
  try {
    handle.getContext(key, granted);
  } catch (const isc::hooks::NoSuchCalloutContext&) {
    // The first of its kind in this message.
  }
  // A prefix that is told to nobody is not leased.
  const bool denied = kind == Kind::prefix && hook->lies.no_prefix;
  if (denied || mac.empty() || !hook->customers.may_have(lease->duid_->toText(), mac, kind, granted)) {
    handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
    return 0;
  }
  handle.setContext(key, granted + 1);
  bool is_offer = true;
  handle.getArgument("fake_allocation", is_offer);
  // Stored with the lease at once: a second write of each would halve how many there can be in a second.
  if (!is_offer) bind_to_sender(handle);
  return 0;
}

int lease6_renew(CalloutHandle& handle) {
  bind_to_sender(handle);
  return 0;
}

int lease6_rebind(CalloutHandle& handle) {
  bind_to_sender(handle);
  return 0;
}

int leases6_committed(CalloutHandle& handle) {
  Pkt6Ptr query;
  Lease6CollectionPtr committed;
  Lease6CollectionPtr deleted;
  handle.getArgument("query6", query);
  handle.getArgument("leases6", committed);
  handle.getArgument("deleted_leases6", deleted);
  if (deleted) {
    for (const auto& lease : *deleted) end(name_of(*lease));
  }
  const std::string mac = sender_in(handle);
  const std::string via = query->getRemoteAddr().toText();
  for (const auto& one : committed ? *committed : Lease6Collection()) {
    auto& database = LeaseMgrFactory::instance();
    // As it is stored: a request for a lease that its client has already passes none of the callouts above.
    Lease6Ptr lease = database.getLease6(one->type_, one->addr_);
    if (!lease || lease->state_ != Lease::STATE_DEFAULT) continue;
    if (!mac.empty() && bind_lease(*lease, via, mac)) {
      try {
        database.updateLease6(lease);
      } catch (const std::exception&) {
        // The disk is full. Its customer is answered all the same, so the route is needed; his next renewal stores it.
      }
    }
    hold(*lease);
    hook->notices.send("set " + lease->toElement()->str());
  }
  const DuidPtr duid = query->getClientId();
  if (duid) end_vanished(*duid);
  return 0;
}

int pkt6_send(CalloutHandle& handle) {
  Pkt6Ptr query;
  Pkt6Ptr response;
  handle.getArgument("query6", query);
  handle.getArgument("response6", response);
  // Who got nothing: with a pool that is full, that is what its provider wants to know.
  const struct {
    std::uint16_t option;
    std::uint16_t refusal;
    const char* notice;
  } kinds[] = {{D6O_IA_PD, STATUS_NoPrefixAvail, "refused prefix"},
               {D6O_IA_NA, STATUS_NoAddrsAvail, "refused address"}};
  for (const auto& kind : kinds) {
    for (const auto& found : response->getOptions(kind.option)) {
      auto status = boost::dynamic_pointer_cast<isc::dhcp::Option6StatusCode>(
          found.second->getOption(D6O_STATUS_CODE));
      if (!status || status->getStatusCode() != kind.refusal) continue;
      hook->notices.send(kind.notice);
      break;
    }
  }
  tell_former(query, *response, sender_in(handle));
  response->setRemoteHWAddr(query->getRemoteHWAddr());
  return 0;
}

// The answer as it would leave now; with lies, others leave in its place.
int buffer6_send(CalloutHandle& handle) {
  if (!hook->lying) return 0;
  Pkt6Ptr response;
  handle.getArgument("response6", response);
  std::uint8_t query = 0;
  bool for_second = false;
  handle.getContext(query_key, query);
  handle.getContext(second_key, for_second);
  const auto& buffer = response->getBuffer();
  const Bytes answer(static_cast<const char*>(static_cast<const void*>(buffer.getData())), buffer.getLength());
  const int socket = isc::dhcp::IfaceMgr::instance().getSocket(response);
  const auto way = hook->port.way_of(*response);
  if (way)
    for (const auto& said : hook->lies.instead_of(query, for_second, answer))
      hook->answers.send(socket, *way, said, hook->lies.delay);
  handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
  return 0;
}

int lease6_expire(CalloutHandle& handle) {
  Lease6Ptr lease;
  handle.getArgument("lease6", lease);
  end(name_of(*lease));
  return 0;
}

int lease6_release(CalloutHandle& handle) {
  keep_from_others(handle, CalloutHandle::NEXT_STEP_SKIP);
  return 0;
}

int lease6_decline(CalloutHandle& handle) {
  // Skipped, it would be committed as a lease of who declined it.
  if (keep_from_others(handle, CalloutHandle::NEXT_STEP_DROP)) return 0;
  Lease6Ptr lease;
  handle.getArgument("lease6", lease);
  hook->customers.decline(name_of(*lease));
  hook->notices.send("gone " + name_of(*lease));
  return 0;
}

int lease6_recover(CalloutHandle& handle) {
  Lease6Ptr lease;
  handle.getArgument("lease6", lease);
  hook->customers.drop(name_of(*lease));
  return 0;
}
}
