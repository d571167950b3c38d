import { VETH } from "../host/kernel-feature.ts";
import { linkName } from "../names.ts";
import { named } from "./grammar.ts";
import type { LinkKind } from "./kind.ts";
import type { VethLink } from "./veth.ts";

/** A bundled CPE of the lab. */
export interface CpeLink {
  readonly kind: "cpe";
  readonly cpe: string;
}

/** The WAN of a bundled CPE: a veth that the CPE fetches from the host's namespace. */
export const cpe: LinkKind<CpeLink, VethLink> = {
  key: "cpe",
  yaml: {
    shape: ({ cpeName }) => cpeName("One of `cpes`.").transform((name) => linkTo(name)),
    value: (link) => link.cpe,
    parts: (value) => (typeof value === "string" ? [value] : undefined),
  },
  word: named({ kind: "cpe", of: "name", name: (text) => text, link: linkTo, nameOf: (link) => link.cpe }),
  bng: (link, { lab, provider }) => ({ link: { kind: "veth", peer: linkName(lab, provider, link.cpe) } }),
  hostUse: () => undefined,
  features: [VETH],
  wizard: {
    offers: ({ cpes }) =>
      cpes.map((name) => ({
        value: `cpe:${name}`,
        label: `${name}, the bundled CPE`,
        explain: "A small router in a container, with hosts behind it.",
        place: "first",
      })),
    question: "Its name",
    complete: ({ cpes }) => `cpe:${cpes[0] ?? "home"}`,
    refuse(link, { cpes }) {
      const known = cpes.length === 0 ? "the lab has no bundled CPE" : `the lab has ${cpes.join(", ")}`;
      return cpes.includes(link.cpe) ? undefined : `there is no CPE '${link.cpe}': ${known}`;
    },
  },
  docs: {
    values: [{ value: "a name of `cpes`: `home`", meaning: "a bundled CPE" }],
    situations: [{ have: "nothing: mhlab brings a bundled CPE", link: linkTo("home") }],
  },
};

function linkTo(name: string): CpeLink {
  return { kind: "cpe", cpe: name };
}
