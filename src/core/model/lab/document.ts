/** The document of a provider's BNG: its entry of lab.yaml with every default filled in, and the end of its tunnel named. */
import { toDocument, type NodeDocument } from "../document.ts";
import { INTERNET_ADDRESS, type BundledTunnel } from "../internet/config.ts";
import { parseInterfaceAddress6, parseIp6 } from "../ip6.ts";
import { kindOf, type SubscriberLink } from "../links/registry.ts";
import { linkName } from "../names.ts";
import { toJson } from "../settings/codec.ts";
import { entries, type Entry } from "../settings/registry.ts";
import type { Provider, RealFarSide } from "./model.ts";

/** Stands in a plan for a public key that the next `up` will make. */
export const KEY_TO_COME = "(a key that up will make)";

/** The sections whose values a provider has beside its own. */
const FLAT: ReadonlySet<Entry["section"]> = new Set([
  "provider",
  "delegation",
  "dhcpv6",
  "dns",
  "captivePortal",
  "filter",
  "recorder",
  "place",
]);

/** What is known of the bundled end of a tunnel; the key is undefined while it is not made. */
export interface BundledEnd {
  readonly publicKey: string | undefined;
  /** Where the BNG reaches it. */
  readonly host: string;
  readonly tunnel: BundledTunnel | undefined;
}

/** The document of the BNG of a provider. */
export function providerDocument(lab: string, provider: Provider, bundled: BundledEnd): NodeDocument {
  const wireguard =
    provider.wireguard.kind === "real"
      ? provider.wireguard
      : { ...provider.wireguard, ...bundledFarSide(bundled) };
  const whole: Readonly<Record<string, unknown>> = { ...provider, wireguard };
  const document: Record<string, unknown> = {};
  for (const { section, key, setting } of entries) {
    const values = FLAT.has(section) ? whole : (whole[section] as Readonly<Record<string, unknown>>);
    const value = values[key];
    const isNone = value === undefined || (Array.isArray(value) && value.length === 0);
    if (isNone || setting.elsewhere === true || isIdle(section, key, provider)) continue;
    const [first = "", inner] = setting.path.split(".");
    const json = toJson(setting.codec, value);
    document[first] = inner === undefined ? json : { ...(document[first] as object), [inner]: json };
  }
  document["subscriber"] = subscriberOf(lab, provider.name, provider.subscriber);
  // The bridge of a LAN is marked with the lab that it is of.
  return toDocument(provider.subscriber.kind === "lan" ? { lab, ...document } : document);
}

/** What says nothing without another setting. */
function isIdle(section: Entry["section"], key: string, { pvd, pool }: Provider): boolean {
  return (section === "pvd" && pvd.name === undefined) || (key === "delegatedLength" && pool === undefined);
}

function subscriberOf(lab: string, provider: string, link: SubscriberLink): object {
  if (link.kind === "cpe") return { veth: linkName(lab, provider, link.cpe) };
  const { key, yaml } = kindOf(link);
  const force = "force" in link && link.force;
  return { [key]: yaml.value(link), ...(force ? { force: true } : {}) };
}

function bundledFarSide({
  publicKey,
  host,
  tunnel,
}: BundledEnd): Pick<RealFarSide, "peer" | "endpoint" | "address" | "probe"> {
  return {
    peer: publicKey ?? KEY_TO_COME,
    endpoint: { host, port: tunnel?.listenPort ?? 0 },
    address: parseInterfaceAddress6(tunnel?.bngAddress ?? "") ?? { address: 0n, length: 128 },
    probe: parseIp6(INTERNET_ADDRESS),
  };
}
