#include <config.h>

#include "bound-lease.h"

#include <cc/data.h>
#include <dhcpsrv/lease_mgr.h>
#include <dhcpsrv/lease_mgr_factory.h>

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::Lease;
using isc::dhcp::Lease6;
using isc::dhcp::Lease6Ptr;
using isc::dhcp::LeaseMgrFactory;

namespace {

// Keys of a lease's user context.
const char* const own_key = "mhlab";
const char* const via_key = "via";
const char* const mac_key = "mac";

std::string text_in(const ConstElementPtr& map, const char* key) {
  ConstElementPtr value = map ? map->get(key) : ConstElementPtr();
  return value && value->getType() == Element::string ? value->stringValue() : std::string();
}

ConstElementPtr own_context(const Lease6& lease) {
  ConstElementPtr context = lease.getContext();
  if (!context || context->getType() != Element::map) return {};
  ConstElementPtr own = context->get(own_key);
  return own && own->getType() == Element::map ? own : ConstElementPtr();
}

}  // namespace

std::string name_of(const Lease6& lease) {
  return lease.addr_.toText() + "/" + std::to_string(static_cast<int>(lease.prefixlen_));
}

Lease6Ptr lease_named(const std::string& name) {
  const auto slash = name.find('/');
  const isc::asiolink::IOAddress address(name.substr(0, slash));
  return LeaseMgrFactory::instance().getLease6(name.substr(slash) == "/128" ? Lease::TYPE_NA : Lease::TYPE_PD, address);
}

Kind kind_of(const Lease6& lease) {
  return lease.type_ == Lease::TYPE_PD ? Kind::prefix : Kind::address;
}

Bound bound_to(const Lease6& lease) {
  const ConstElementPtr own = own_context(lease);
  return {text_in(own, via_key), text_in(own, mac_key)};
}

bool bind_lease(Lease6& lease, const std::string& via, const std::string& mac) {
  const Bound before = bound_to(lease);
  if (before.via == via && before.mac == mac) return false;
  ElementPtr own = Element::createMap();
  own->set(via_key, Element::create(via));
  own->set(mac_key, Element::create(mac));
  ElementPtr context = Element::createMap();
  ConstElementPtr others = lease.getContext();
  if (others && others->getType() == Element::map) {
    for (const auto& entry : others->mapValue()) context->set(entry.first, entry.second);
  }
  context->set(own_key, own);
  lease.setContext(context);
  return true;
}
