import * as z from "zod";
import type { KernelFeature } from "../host/kernel-feature.ts";
import { BadValue } from "../values/scalars.ts";
import { ipAddress } from "../values/scalars-network.ts";
import { showValue } from "../values/parse.ts";
import type { Grammar } from "./grammar.ts";
import type { LinkKind } from "./kind.ts";

/** A VXLAN (RFC 7348) to one other machine, on UDP port 4789. */
export interface VxlanLink {
  readonly kind: "vxlan";
  /** The VXLAN network identifier (VNI). */
  readonly id: number;
  /** Address of the other machine. */
  readonly remote: string;
}

const MOST_ID = 0xff_ff_ff;
/** Ethernet, VXLAN and UDP headers, and the outer IP header. */
const OVERHEAD = { 4: 50, 6: 70 } as const;

const VXLAN: KernelFeature = {
  name: "vxlan",
  attempt: "ip link add mhp9 type vxlan id 1 dstport 4789",
  use: "links between machines (VXLAN)",
  module: "vxlan",
};

/** What a path of an MTU leaves inside a VXLAN to an address. */
export function vxlanMtu(pathMtu: number, remote: string): number {
  return pathMtu - OVERHEAD[remote.includes(":") ? 6 : 4];
}

const grammar: Grammar<VxlanLink> = {
  forms: ["vxlan:<id>:<address>"],
  read([text = "", ...rest]) {
    const id = Number(text);
    if (!/^\d+$/.test(text) || id < 1 || id > MOST_ID)
      return new BadValue(
        "MHLAB_LAB_NUMBER",
        `${showValue(text)} is no VXLAN id`,
        `write a number from 1 to ${MOST_ID}`,
      );
    const remote = ipAddress(rest.join(":"));
    return remote instanceof BadValue ? remote : { kind: "vxlan", id, remote };
  },
  write: ({ id, remote }) => [String(id), remote],
};

/** A VXLAN to another machine: the customer's end there has the same id, and this machine as its remote. */
export const vxlan: LinkKind<VxlanLink> = {
  key: "vxlan",
  yaml: {
    shape: ({ number, scalar }) =>
      z
        .strictObject({
          id: number(1, MOST_ID, { description: "VXLAN network identifier.", examples: [42] }),
          remote: scalar(ipAddress, {
            description: "IPv4 or IPv6 address of the machine with the other end.",
            examples: ["192.0.2.12"],
          }),
        })
        .meta({ description: "A VXLAN to another machine, on UDP port 4789." })
        .transform(({ id, remote }): VxlanLink => ({ kind: "vxlan", id, remote })),
    value: ({ id, remote }) => ({ id: String(id), remote }),
    parts(value) {
      const { id, remote, ...more } = (value ?? {}) as Record<string, unknown>;
      if (typeof remote !== "string" || Object.keys(more).length > 0) return undefined;
      return typeof id === "string" || typeof id === "number" ? [String(id), remote] : undefined;
    },
  },
  word: grammar,
  environment: grammar,
  bng: (link) => ({ link }),
  place: ({ id, remote }) => `VXLAN ${id} to ${remote}`,
  hostUse: ({ id }) => ({ interface: `VXLAN ${id}`, how: "makes" }),
  features: [VXLAN],
  wizard: {
    offers: () => [
      {
        value: "vxlan:",
        label: "a VXLAN to another machine",
        explain: "A link over the network between two machines; the other end has the same id.",
        place: "last",
      },
    ],
    question: "Its id and the other machine's address, such as 42:192.0.2.12",
    complete: () => "vxlan:42:192.0.2.12",
  },
  docs: {
    values: [
      {
        value: "`{id: 42, remote: 192.0.2.12}`",
        meaning:
          "a VXLAN on UDP port 4789 to a machine whose end has the same id and this machine as its remote",
      },
    ],
    situations: [
      { have: "a customer behind another machine", link: { kind: "vxlan", id: 42, remote: "192.0.2.12" } },
    ],
  },
};
