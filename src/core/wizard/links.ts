/** Where a provider's customers are, as one word of the command line: `cpe:home`, `vlan:enp2s0:101`. */
import type { Value } from "../lab/edit-values.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { MAX_LAN_NAME } from "../bng/link.ts";
import { BadValue, integer, name as nameReader } from "../values/scalars.ts";
import { cardsByAdvice, objection, type Nic } from "./machine.ts";
import type { Choice, Known } from "./question.ts";

const readLanName = nameReader(MAX_LAN_NAME, "its bridge is called mh-<name>");

/** The forms of a link, for messages. */
export const LINK_FORMS =
  "cpe:<name>, interface:<nic>, vlan:<nic>:<id>, macvlan:<nic>, bridge:<name>, veth:<name> or lan:<name>";

/** What is wrong with the word for a link; undefined when it is right. */
export function checkLink(answer: string, { cpes }: Pick<Known, "cpes">): string | undefined {
  const [kind = "", name = "", id, ...rest] = answer.split(":");
  if (!["cpe", "interface", "vlan", "macvlan", "bridge", "veth", "lan"].includes(kind) || rest.length > 0) {
    return `'${answer}' is no link: write ${LINK_FORMS}`;
  }
  if (kind === "cpe") {
    const known = cpes.length === 0 ? "the lab has no bundled CPE" : `the lab has ${cpes.join(", ")}`;
    return cpes.includes(name) && id === undefined ? undefined : `there is no CPE '${name}': ${known}`;
  }
  const interfaceProblem = kind === "lan" ? readLanName(name) : interfaceName(name);
  if (interfaceProblem instanceof BadValue) return `${interfaceProblem.message}: ${interfaceProblem.hint}`;
  if (kind !== "vlan")
    return id === undefined ? undefined : `'${answer}' has a part too much: write ${kind}:${name}`;
  const number = integer(1, 4094)(id ?? "");
  return number instanceof BadValue
    ? `vlan:${name}: needs an id from 1 to 4094, as in vlan:${name}:101`
    : undefined;
}

/** The `subscriber` of a lab file for the word for a link. */
export function subscriberValue(link: string): Value {
  const [kind = "", name = "", id = ""] = link.split(":");
  return kind === "vlan" ? { vlan: { parent: name, id } } : { [kind]: name };
}

/** The word for a `subscriber` of a lab file; empty when it is none that has one. */
export function linkOf(subscriber: unknown): string {
  if (typeof subscriber !== "object" || subscriber === null) return "";
  const [[kind, value] = ["", undefined], ...others] = Object.entries(subscriber) as [string, unknown][];
  if (others.length > 0) return "";
  if (typeof value === "string") return `${kind}:${value}`;
  const { parent, id, ...more } = (value ?? {}) as Record<string, unknown>;
  if (typeof parent !== "string" || Object.keys(more).length > 0) return "";
  return typeof id === "string" ? `${kind}:${parent}:${id}` : `${kind}:${parent}`;
}

/** What a person can choose from, harmless things first; values that end with a colon want a name yet. */
export function linkChoices(known: Known): Choice[] {
  const taken = takenInterfaces(known);
  const cards = cardsByAdvice(known.facts).filter(({ name }) => !taken.has(name));
  const free = cards.filter((nic) => objection(nic) === undefined);
  return [
    ...known.cpes.map((cpe) => ({
      value: `cpe:${cpe}`,
      label: `${cpe}, the bundled CPE`,
      explain: "A small router in a container, with hosts behind it.",
    })),
    ...free.map(cardChoice),
    ...KINDS,
    ...cards.filter((nic) => !free.includes(nic)).map(cardChoice),
  ];
}

const KINDS: readonly Choice[] = [
  {
    value: "vlan:",
    label: "a VLAN on a card",
    explain: "Several providers on one cable, taken apart by your switch or router.",
  },
  {
    value: "macvlan:",
    label: "a macvlan on a card",
    explain: "An address of its own on a card that stays where it is.",
  },
  { value: "bridge:", label: "a bridge of the host", explain: "For virtual machines: libvirt, GNS3, QEMU." },
  {
    value: "veth:",
    label: "a new interface of the host",
    explain: "One end of a virtual cable; move it wherever your customer is.",
  },
  {
    value: "lan:",
    label: "a segment that providers share",
    explain: "Several default routers on one link (RFC 8028); mhlab makes its bridge, mh-<name>.",
  },
];

function cardChoice(nic: Nic): Choice {
  const against = objection(nic);
  return {
    value: `interface:${nic.name}`,
    label: [nic.name.padEnd(10), nic.mac, nic.carrier ? "carrier" : "no carrier"].join("  "),
    warning: against === undefined ? undefined : `not advisable: ${against}`,
    explain: "The card moves into the provider while the lab runs, and comes back afterwards.",
  };
}

/** A whole word for a choice that wants a name yet. */
export function completeLink(choice: string, known: Known): string {
  const cards = cardsByAdvice(known.facts).map(({ name }) => name);
  const name = known.answers["name"] ?? "customer";
  switch (choice) {
    case "vlan:": {
      const shared = known.neighbours
        .map(({ link }) => /^vlan:([^:]+):(\d+)$/.exec(link))
        .findLast((match) => match !== null);
      const parent = shared?.[1] ?? cards[0] ?? "enp2s0";
      return `vlan:${parent}:${Number(shared?.[2] ?? 100) + 1}`;
    }
    case "macvlan:":
      return `macvlan:${cards[0] ?? "enp2s0"}`;
    case "bridge:": {
      const bridge = known.facts.nics.find(
        (nic) => nic.kind === "bridge" && !/^(docker|br-[0-9a-f]{12}$)/.test(nic.name),
      );
      return `bridge:${bridge?.name ?? "br-lab"}`;
    }
    case "lan:": {
      const shared = known.neighbours.find(({ link }) => link.startsWith("lan:"));
      return shared?.link ?? "lan:street";
    }
    default:
      return `${choice}${choice === "veth:" ? `to-${name}` : ""}`;
  }
}

/** Cards that another provider takes for itself. */
function takenInterfaces({ neighbours }: Known): Set<string> {
  return new Set(
    neighbours
      .map(({ link }) => link.split(":"))
      .filter(([kind]) => kind === "interface")
      .map(([, name = ""]) => name),
  );
}
