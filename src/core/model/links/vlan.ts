import * as z from "zod";
import { PROBE_LINK, type KernelFeature } from "../host/kernel-feature.ts";
import { BadValue, integer } from "../values/scalars.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { stableHex } from "../names.ts";
import { tooMuch } from "./grammar.ts";
import type { Grammar } from "./grammar.ts";
import type { LinkKind } from "./kind.ts";
import { PARENT, parentFinding, SOME_CARD } from "./parent.ts";

/** A VLAN (IEEE 802.1Q) on an interface of the host; `outer`: the service tag (802.1ad) around it, for QinQ. */
export interface VlanLink {
  readonly kind: "vlan";
  readonly parent: string;
  readonly id: number;
  readonly outer?: number;
}

/** 0 and 4095 are reserved. */
const [LOWEST_ID, HIGHEST_ID] = [1, 4094];
const readId = integer(LOWEST_ID, HIGHEST_ID);

const VLAN: KernelFeature = {
  name: "vlan",
  attempt: `ip link add link ${PROBE_LINK} name mhp5 type vlan id 101`,
  use: "VLANs (802.1Q)",
  module: "8021q",
};
const QINQ: KernelFeature = {
  name: "qinq",
  attempt: `ip link add link ${PROBE_LINK} name mhp6 type vlan proto 802.1ad id 102`,
  use: "QinQ (802.1ad)",
  module: "8021q",
};

const grammar: Grammar<VlanLink> = {
  forms: ["vlan:<parent>:<id>", "vlan:<parent>:<outer>.<id>"],
  read([parent = "", tags = "", ...more]) {
    const name = interfaceName(parent);
    if (name instanceof BadValue) return name;
    if (more.length > 0) return tooMuch(["vlan", parent, tags, ...more], `vlan:${parent}:${tags}`);
    const [first, second, ...others] = tags.split(".").map((tag) => readId(tag));
    if (typeof first !== "number" || second instanceof BadValue || others.length > 0) {
      return new BadValue(
        "MHLAB_LAB_NUMBER",
        `vlan:${parent}`,
        `needs an id from ${LOWEST_ID} to ${HIGHEST_ID}, as in vlan:${parent}:101, or two, as in vlan:${parent}:200.101`,
      );
    }
    return second === undefined
      ? { kind: "vlan", parent, id: first }
      : { kind: "vlan", parent, id: second, outer: first };
  },
  write: ({ parent, id, outer }) => [parent, outer === undefined ? String(id) : `${outer}.${id}`],
};

/** A VLAN of an interface that stays on the host. */
export const vlan: LinkKind<VlanLink> = {
  key: "vlan",
  yaml: {
    shape({ interfaceOf, number }) {
      const vlanId = (description: string): ReturnType<typeof number> =>
        number(LOWEST_ID, HIGHEST_ID, { description, examples: [101] });
      return z
        .strictObject({
          parent: interfaceOf(PARENT),
          id: vlanId("VLAN id (IEEE 802.1Q)."),
          outer: vlanId("Service tag around it (IEEE 802.1ad), for QinQ.").optional(),
        })
        .meta({ description: "A VLAN on an interface of the host." })
        .transform(({ outer, ...inner }): VlanLink => ({
          kind: "vlan",
          ...inner,
          ...(outer === undefined ? {} : { outer }),
        }));
    },
    value: ({ parent, id, outer }) => ({
      parent,
      id: String(id),
      ...(outer === undefined ? {} : { outer: String(outer) }),
    }),
    parts(value) {
      const { parent, id, outer, ...more } = (value ?? {}) as Record<string, unknown>;
      if (typeof parent !== "string" || typeof id !== "string" || Object.keys(more).length > 0)
        return undefined;
      if (outer === undefined) return [parent, id];
      return typeof outer === "string" ? [parent, `${outer}.${id}`] : undefined;
    },
  },
  word: grammar,
  environment: grammar,
  bng: (link) => ({ link }),
  place: ({ parent, id, outer }) => `${parent} (VLAN ${outer === undefined ? "" : `${outer}.`}${id})`,
  hostUse(link) {
    const [, tags = ""] = grammar.write(link);
    const hint = "give each provider a VLAN id of its own";
    return { interface: link.parent, how: "shares", part: { name: `VLAN ${tags}`, hint } };
  },
  outlives: ({ outer }) => outer !== undefined,
  features: [VLAN, QINQ],
  needs: ({ outer }) => (outer === undefined ? [VLAN] : [VLAN, QINQ]),
  findings: ({ parent }, look) => [parentFinding(parent, look)],
  wizard: {
    offers: () => [
      {
        value: "vlan:",
        label: "a VLAN on a card",
        explain: "Several providers on one cable, taken apart by your switch or router.",
      },
    ],
    question: "Card and VLAN id",
    // As `ip link` calls it: eth0.101.
    read: (answer) => answer.replace(/^([^:\s]+)(?:\.|\s+)(\d+)$/, "$1:$2"),
    complete({ others, cards }) {
      const shared = others
        .map((word) => /^vlan:([^:]+):(\d+)$/.exec(word))
        .findLast((match) => match !== null);
      const parent = shared?.[1] ?? cards[0]?.name ?? SOME_CARD;
      return `vlan:${parent}:${Number(shared?.[2] ?? 100) + 1}`;
    },
    comment: "A VLAN on this card; your switch or router takes the providers apart.",
  },
  docs: {
    values: [
      {
        value: "`{parent: enp2s0, id: 101}`",
        meaning:
          "a VLAN (`id` 1 to 4094) on an interface that stays where it is; with `outer: 200`, inside the service tag 200 (QinQ)",
      },
    ],
    situations: [
      {
        have: "one NIC to a switch or router with VLANs",
        link: { kind: "vlan", parent: "enp2s0", id: 101 },
      },
      {
        have: "the same with a service tag around it (QinQ)",
        link: { kind: "vlan", parent: "enp2s0", id: 101, outer: 200 },
      },
    ],
  },
};

/** The interface that carries a service tag in the host's namespace, shared by all VLANs inside it. */
export function outerName(parent: string, outer: number): string {
  return `mhq${stableHex(`${parent}.${outer}`)}`;
}
