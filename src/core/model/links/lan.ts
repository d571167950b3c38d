import { BRIDGE, VETH } from "../host/kernel-feature.ts";
import { BadValue, name as readName } from "../values/scalars.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { lanBridge, MAX_LAN_NAME } from "../names.ts";
import { named, tooMuch } from "./grammar.ts";
import type { Grammar } from "./grammar.ts";
import type { LinkKind } from "./kind.ts";

/** A segment that mhlab makes, shared by all providers that name it. */
export interface LanLink {
  readonly kind: "lan";
  readonly lan: string;
}

/** Its bridge, which belongs to the lab `owner`. */
export interface ToldLan {
  readonly kind: "lan";
  readonly bridge: string;
  readonly owner: string;
}

/** Owner of a LAN that no lab made. */
const NO_LAB = "by-hand";

const environment: Grammar<ToldLan> = {
  forms: ["lan:<bridge>"],
  read([name = "", owner = NO_LAB, ...more]) {
    const bridge = interfaceName(name);
    if (bridge instanceof BadValue) return bridge;
    return more.length === 0 && /^[a-z0-9-]+$/.test(owner)
      ? { kind: "lan", bridge, owner }
      : tooMuch(["lan", name, owner, ...more], `lan:${name}`);
  },
  write: ({ bridge, owner }) => [bridge, ...(owner === NO_LAB ? [] : [owner])],
};

/** Several providers, hosts and ports of the user's on one bridge that mhlab makes. */
export const lan: LinkKind<LanLink, ToldLan> = {
  key: "lan",
  yaml: {
    shape: ({ lanName }) =>
      lanName(
        "A segment that mhlab makes; every provider that names it is on it, as are `hosts` and your ports on the bridge mh-<lan>.",
      ).transform((name) => linkTo(name)),
    value: (link) => link.lan,
    parts: (value) => (typeof value === "string" ? [value] : undefined),
  },
  word: named({
    kind: "lan",
    of: "name",
    name: readName(MAX_LAN_NAME, "its bridge is called mh-<name>"),
    link: linkTo,
    nameOf: (link) => link.lan,
  }),
  environment,
  bng: (link, { lab }) => ({ link: { kind: "lan", bridge: lanBridge(link.lan), owner: lab } }),
  place: ({ bridge }) => bridge,
  hostUse: (link) => ({ interface: lanBridge(link.lan), how: "makes", together: true }),
  outlives: () => true,
  features: [VETH, BRIDGE],
  wizard: {
    offers: () => [
      {
        value: "lan:",
        label: "a segment that providers share",
        explain: "Several default routers on one link (RFC 8028); mhlab makes its bridge, mh-<name>.",
      },
    ],
    question: "Its name",
    complete: ({ others }) => others.find((word) => word.startsWith("lan:")) ?? "lan:street",
    comment: "A segment that mhlab makes; ports of its bridge are on it, too.",
  },
  docs: {
    values: [
      {
        value: "a name of 1 to 12 characters: `street`",
        meaning:
          "a segment that mhlab makes, with all providers that name it; [hosts](#hosts) are on it, and other ports join at its bridge, `mh-street`",
      },
    ],
    situations: [
      { have: "one segment with several providers that each name it (RFC 8028)", link: linkTo("street") },
    ],
  },
};

function linkTo(name: string): LanLink {
  return { kind: "lan", lan: name };
}

/** What marks the bridge of a LAN as mhlab's. */
export function lanMark(owner: string): string {
  return `mhlab:lan:${owner}`;
}
