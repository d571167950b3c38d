import * as z from "zod";
import { PROBE_LINK } from "../host/kernel-feature.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { named } from "./grammar.ts";
import type { LinkKind } from "./kind.ts";
import { PARENT, parentFinding, SOME_CARD } from "./parent.ts";

/** An interface with a MAC address of its own on one that stays on the host. */
export interface MacvlanLink {
  readonly kind: "macvlan";
  readonly parent: string;
}

const grammar = named<MacvlanLink>({
  kind: "macvlan",
  of: "parent",
  name: interfaceName,
  link: linkOn,
  nameOf: ({ parent }) => parent,
});

/** A macvlan of an interface that stays on the host. */
export const macvlan: LinkKind<MacvlanLink> = {
  key: "macvlan",
  yaml: {
    shape({ interfaceOf }) {
      const parent = interfaceOf(PARENT);
      return z
        .union([parent, z.strictObject({ parent })])
        .meta({ description: "A macvlan on an interface of the host; providers may share the parent." })
        .transform((value) => linkOn(typeof value === "string" ? value : value.parent));
    },
    value: ({ parent }) => parent,
    parts(value) {
      if (typeof value === "string") return [value];
      const { parent, ...more } = (value ?? {}) as Record<string, unknown>;
      return typeof parent === "string" && Object.keys(more).length === 0 ? [parent] : undefined;
    },
  },
  word: grammar,
  environment: grammar,
  bng: (link) => ({ link }),
  place: ({ parent }) => parent,
  hostUse: ({ parent }) => ({ interface: parent, how: "shares" }),
  features: [
    {
      name: "macvlan",
      attempt: `ip link add link ${PROBE_LINK} name mhp4 type macvlan`,
      use: "macvlan",
      module: "macvlan",
    },
  ],
  findings: ({ parent }, look) => [parentFinding(parent, look)],
  wizard: {
    offers: () => [
      {
        value: "macvlan:",
        label: "a macvlan on a card",
        explain: "An address of its own on a card that stays where it is.",
      },
    ],
    question: "Its name",
    complete: ({ cards }) => `macvlan:${cards[0]?.name ?? SOME_CARD}`,
  },
  docs: {
    values: [
      {
        value: "`enp2s0` or `{parent: enp2s0}`",
        meaning:
          "an interface with its own MAC address on a shared one; several providers may share it, and then are on one LAN",
      },
    ],
    situations: [{ have: "one NIC, several providers on one wire", link: linkOn("enp2s0") }],
  },
};

function linkOn(parent: string): MacvlanLink {
  return { kind: "macvlan", parent };
}
