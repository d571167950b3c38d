import { chmodSync } from "node:fs";

/** The device of which every TUN is opened. */
export const TUN = "/dev/net/tun";

/**
 * Lets programs under other users open it. It is the container's own node, with the mode of the machine's, which some let only
 * root use; the kernel gives a device to nobody but who has NET_ADMIN or owns it.
 */
export function openTun(): void {
  chmodSync(TUN, 0o666);
}
