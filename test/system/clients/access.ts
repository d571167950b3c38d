import type { Settings } from "../../../src/core/model/document.ts";
import { LEAST_PRIVILEGE, type HandBng } from "../support/bng.ts";
import { inLabHost } from "../support/sandbox.ts";
import { seven, start, stop } from "../bng/fixture.ts";
import { newCell, type Cell } from "./cell.ts";

const SWITCH = "cl-switch";
const BNG_PORT = "cl-bng";

/** An access network: a switch in the lab host that a BNG and CPEs are plugged into, so that each can go alone. */
export interface Access {
  readonly bng: HandBng;
  /** A cell with `wan0` on the switch. */
  plug(label: string): Promise<Plugged>;
  remove(): Promise<void>;
}

export interface Plugged extends Cell {
  /** Pulls the cable of `wan0`, or puts it in again. */
  cable(state: "down" | "up"): Promise<void>;
}

/** Builds the switch and starts a least-privileged BNG on it. Needs `useBng()` in the test file. */
export async function buildAccess(settings: Settings): Promise<Access> {
  await inLabHost([
    "sh",
    "-ec",
    `ip link add ${SWITCH} type bridge mcast_snooping 0
     ip link add ${BNG_PORT} type veth peer name ${BNG_PORT}-sw
     ip link set ${BNG_PORT}-sw master ${SWITCH} up; ip link set ${SWITCH} up`,
  ]);
  const bng = await start(LEAST_PRIVILEGE, seven(BNG_PORT), {
    "wireguard.probe": "2001:db8::1",
    ...settings,
  });
  await bng.until("ready", (status) => status.ready);
  let ports = 0;
  return {
    bng,
    async plug(label) {
      const cell = await newCell(label);
      const port = `cl-port${ports++}`;
      const pair = [
        "ip",
        "link",
        "add",
        port,
        "type",
        "veth",
        "peer",
        "name",
        "wan0",
        "netns",
        cell.netns.name,
      ];
      await inLabHost(pair);
      await inLabHost(["ip", "link", "set", port, "master", SWITCH, "up"]);
      await cell.run(["sysctl", "-qw", "net.ipv6.conf.wan0.accept_ra=2"]);
      await cell.run(["ip", "link", "set", "wan0", "up"]);
      return { ...cell, cable: async (state) => void (await inLabHost(["ip", "link", "set", port, state])) };
    },
    async remove() {
      await stop(bng);
      await inLabHost(["ip", "link", "del", SWITCH], { check: false });
      await inLabHost(["ip", "link", "del", BNG_PORT], { check: false });
    },
  };
}
