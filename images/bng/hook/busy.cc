#include <config.h>

#include "busy.h"

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <dhcp/iface_mgr.h>

#include <cstdint>

bool is_busy(int index) {
  const auto interface = isc::dhcp::IfaceMgr::instance().getIface(index);
  if (!interface) return false;
  for (const auto& socket : interface->getSockets()) {
    std::uint32_t memory[SK_MEMINFO_VARS] = {};
    socklen_t size = sizeof memory;
    if (::getsockopt(socket.sockfd_, SOL_SOCKET, SO_MEMINFO, memory, &size) == 0 &&
        memory[SK_MEMINFO_RMEM_ALLOC] > memory[SK_MEMINFO_RCVBUF] / 4)
      return true;
  }
  return false;
}
