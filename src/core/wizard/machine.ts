/** What the wizard knows of the machine: the answers of `ip -j`, read leniently. */

/** A network card, or a bridge of the host. */
export interface Nic {
  readonly name: string;
  readonly kind: "card" | "bridge";
  readonly mac: string;
  readonly carrier: boolean;
  /** With their lengths; link-local ones left out. */
  readonly addresses: readonly string[];
  readonly defaultRoute: boolean;
  /** The bridge or bond that it is part of. */
  readonly master: string | undefined;
}

export interface MachineFacts {
  /** Where the engine is that answers; undefined when none does. */
  readonly engine: string | undefined;
  /** `unknown` when it could not be found out. */
  readonly wireguard: "kernel" | "userspace" | "unknown";
  /** Whose interfaces these are: of the engine's host, or of this machine. */
  readonly seen: "engine" | "here" | "nowhere";
  readonly nics: readonly Nic[];
}

/** When nothing could be found out. */
export const UNKNOWN_MACHINE: MachineFacts = {
  engine: undefined,
  wireguard: "unknown",
  seen: "nowhere",
  nics: [],
};

/** Reads `ip -j -d addr` and the default routes of `ip -j route` (IPv4 and IPv6); what is no interface is left out. */
export function readNics(addresses: unknown, routes: unknown): Nic[] {
  const carriers = new Set(list(routes).map((route) => text(route["dev"])));
  return list(addresses).flatMap((link) => {
    const kind = text(record(link["linkinfo"])["info_kind"]);
    const name = text(link["ifname"]);
    if (name === "" || text(link["link_type"]) !== "ether" || (kind !== "" && kind !== "bridge")) return [];
    const flags = Array.isArray(link["flags"]) ? link["flags"] : [];
    return {
      name,
      kind: kind === "bridge" ? "bridge" : "card",
      mac: text(link["address"]),
      carrier: flags.includes("LOWER_UP"),
      addresses: list(link["addr_info"])
        .filter((info) => text(info["scope"]) !== "link" && text(info["local"]) !== "")
        .map((info) => `${text(info["local"])}/${Number(info["prefixlen"])}`),
      defaultRoute: carriers.has(name),
      master: text(link["master"]) || undefined,
    };
  });
}

/** Why an interface should not move into a provider; undefined when nothing speaks against it. */
export function objection({ defaultRoute, addresses, master }: Nic): string | undefined {
  if (defaultRoute) return "has the default route";
  if (addresses.length > 0) return `has ${addresses[0]}`;
  return master === undefined ? undefined : `belongs to ${master}`;
}

/** The cards, those that can be taken without harm first, with carrier before without. */
export function cardsByAdvice({ nics }: MachineFacts): Nic[] {
  const rank = (nic: Nic): number => (objection(nic) === undefined ? 0 : 2) + (nic.carrier ? 0 : 1);
  return nics.filter(({ kind }) => kind === "card").sort((one, other) => rank(one) - rank(other));
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
