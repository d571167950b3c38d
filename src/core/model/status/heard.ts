import type { Neighbour, ProviderStatus, SubscriberStatus } from "./model.ts";

const SHOWN = 3;

type Heard = Pick<SubscriberStatus, "interface" | "place" | "neighbours">;

const WORDS: Readonly<Record<Neighbour["sent"][number], string>> = {
  "router-solicitation": "router solicitation",
  "router-advertisement": "router advertisement",
  dhcpv6: "DHCPv6",
};

/** A provider whose customers are someone else's, and that has none: what its link tells about that. Undefined for others. */
export function explainSilence({ state, delegations, subscriber }: ProviderStatus): string | undefined {
  const { kind, present, carrier } = subscriber;
  const asks = (state === "running" || state === "degraded") && kind !== "cpe" && present && carrier;
  return asks && delegations.length === 0 ? explainNoDelegation(subscriber) : undefined;
}

/** Whether nothing at all was heard at a provider's port. */
export function isUnheard({ subscriber }: ProviderStatus): boolean {
  return subscriber.neighbours.length === 0;
}

/** One sentence for several providers at whose ports nothing was heard. */
export function explainUnheard(providers: readonly ProviderStatus[]): string {
  const ports = providers.map(({ name, subscriber }) => `${portOf(subscriber)} (${name})`);
  return `nobody was heard yet on ${ports.join(", ")}: are the CPEs on these ports?`;
}

function portOf({ interface: inside, place }: Pick<SubscriberStatus, "interface" | "place">): string {
  return place || inside;
}

/** Why nobody has a delegation yet, as far as the link tells: a wrong cable looks different from a CPE that is silent. */
export function explainNoDelegation({ neighbours, ...port }: Heard): string {
  const name = portOf(port);
  if (neighbours.length === 0) return `nobody was heard on ${name} yet: is the CPE on this port?`;
  const who = neighbours.slice(0, SHOWN).map(describe);
  const more = neighbours.length > SHOWN ? [`${neighbours.length - SHOWN} more`] : [];
  return `heard on ${name}: ${[...who, ...more].join("; ")}; ${verdict(neighbours)}`;
}

function verdict(neighbours: readonly Neighbour[]): string {
  const someone = (what: Neighbour["sent"][number]): boolean =>
    neighbours.some(({ sent }) => sent.includes(what));
  if (someone("dhcpv6")) return "DHCPv6 was asked for";
  if (someone("router-solicitation") || neighbours.some(({ addresses }) => addresses.length > 0)) {
    return "no DHCPv6 from anyone: does the CPE ask for a delegated prefix?";
  }
  return "no router solicitation and no DHCPv6 from anyone: is IPv6 on in the CPE, and this its WAN port?";
}

function describe({ mac, administered, linkLocal, sent, addresses }: Neighbour): string {
  const did = [
    ...(addresses.length > 0 ? [`uses ${addresses.join(" and ")}`] : []),
    ...sent.map((one) => WORDS[one]),
  ];
  const words = did.length === 0 ? "asked for nothing" : did.join(" and ");
  const kind = administered === "local" ? ", made-up MAC" : "";
  return `${mac}${linkLocal === null ? "" : ` (${linkLocal})`}${kind}, ${words}`;
}
