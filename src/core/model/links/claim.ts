import { block, ok, warn, type Finding } from "../host/finding.ts";
import { managerFindings } from "../host/nic-manager.ts";
import { refuseClaim } from "../host/nic-safety.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { named, tooMuch } from "./grammar.ts";
import { SOME_CARD } from "./parent.ts";
import type { Card, HostLook, LinkKind, LinkOffer } from "./kind.ts";

/** An interface that leaves the host; `force`: whatever the host uses it for. */
export interface ClaimLink {
  readonly kind: "claim";
  readonly interface: string;
  readonly force?: true;
}

/** Its interface is told apart from its kind. */
export interface ToldClaim {
  readonly kind: "claim";
}

const WAITS = "is not in the host's network; the BNG will wait for it";

/** A physical interface is lent to the BNG. */
export const claim: LinkKind<ClaimLink, ToldClaim> = {
  key: "interface",
  yaml: {
    shape: ({ interfaceOf }) =>
      interfaceOf("A physical interface of the host; it moves into the BNG.").transform((name) =>
        linkTo(name),
      ),
    value: (link) => link.interface,
    parts: (value) => (typeof value === "string" ? [value] : undefined),
  },
  word: named({
    kind: "interface",
    of: "nic",
    name: interfaceName,
    link: linkTo,
    nameOf: (link) => link.interface,
  }),
  environment: {
    forms: ["claim"],
    read: (parts) => (parts.length === 0 ? { kind: "claim" } : tooMuch(["claim", ...parts], "claim")),
    write: () => [],
  },
  bng: (link) => ({
    link: { kind: "claim" },
    interface: link.interface,
    ...(link.force === true ? { force: true } : {}),
  }),
  hostUse: (link) => ({ interface: link.interface, how: "takes", forced: link.force === true }),
  outlives: () => true,
  forced: (link) => ({ ...link, force: true }),
  features: [],
  findings: (link, look) => [
    nicFinding(link, look),
    ...managerFindings(link.interface, look.facts.managers.get(link.interface)),
  ],
  wizard: {
    offers: ({ cards }) => [
      ...cards.map(cardOffer),
      {
        value: "interface:",
        label: cards.length === 0 ? "a card of the host" : "another interface of the host",
        explain: "Its name as `ip link` shows it; it may also come later.",
        place: "last",
      },
    ],
    question: "Its name",
    complete: ({ cards }) =>
      `interface:${cards.find(({ against }) => against === undefined)?.name ?? SOME_CARD}`,
    comment: "This card moves into the provider while the lab runs, and comes back.",
  },
  docs: {
    values: [
      {
        value: "a name: `enp2s0`",
        meaning:
          "the interface moves into the BNG, and comes back at the end; one provider has it for itself. With `force: true` beside it also when the host has addresses or routes on it",
      },
    ],
    situations: [{ have: "a NIC per provider", link: linkTo("enp2s0") }],
  },
};

function linkTo(name: string): ClaimLink {
  return { kind: "claim", interface: name };
}

function nicFinding({ interface: name, force }: ClaimLink, { id, network, held }: HostLook): Finding {
  const link = network.links.find(({ ifname }) => ifname === name);
  const holder = held.get(name);
  if (link === undefined && holder !== undefined) return ok(id, `${name} is with the BNG ${holder}`);
  if (link === undefined) return warn(id, `${name} ${WAITS}`, "ip -br link");
  const refusal = refuseClaim(name, network);
  if (refusal === undefined) return ok(id, `${name} is there and may be taken`);
  return force === true
    ? warn(id, refusal.replace("is not taken from the host", "will be taken by force although"))
    : block(
        id,
        refusal,
        `another interface, or in the lab file: subscriber: {interface: ${name}, force: true}`,
      );
}

function cardOffer({ name, mac, carrier, against }: Card): LinkOffer {
  return {
    value: `interface:${name}`,
    label: [name.padEnd(10), mac, carrier ? "carrier" : "no carrier"].join("  "),
    explain:
      against === undefined
        ? "The card moves into the provider while the lab runs, and comes back afterwards."
        : `It would move into the provider, but ${against}.`,
    ...(against === undefined ? {} : { warning: "not advisable", place: "last" as const }),
  };
}
