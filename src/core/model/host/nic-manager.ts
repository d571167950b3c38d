/** Programs that configure interfaces on the host besides mhlab. */
import { warn, type Finding } from "./finding.ts";

export type NicManager = "NetworkManager" | "systemd-networkd";

/** What stops a manager from configuring an interface that comes home, and from taking it while it is there. */
export function managerFindings(name: string, manager: NicManager | undefined): Finding[] {
  if (manager === undefined) return [];
  return [
    warn(
      `nic-manager-${name}`,
      `${manager} manages ${name}: it will start DHCP on the customers' port each time the BNG lets go of it`,
      stopManager(name, manager),
    ),
  ];
}

function stopManager(name: string, manager: NicManager): string {
  return manager === "NetworkManager"
    ? `printf '[keyfile]\\nunmanaged-devices=interface-name:${name}\\n' | sudo tee /etc/NetworkManager/conf.d/mhlab-${name}.conf && sudo nmcli general reload`
    : `printf '[Match]\\nName=${name}\\n[Link]\\nUnmanaged=yes\\n' | sudo tee /etc/systemd/network/05-mhlab-${name}.network && sudo networkctl reload`;
}
