/** What a provider tells the bundled internet while it has other prefixes than its lab file says. */
import { OPERATOR_FOLDER } from "../../model/names.ts";
import { formatPrefix6, overlaps, parsePrefix6, type Prefix6 } from "../../model/ip6.ts";
import { INTERNET_PREFIX, type InternetConfig, type InternetPeer } from "../../model/internet/config.ts";

/** The end of the names of these files in the folder that a lab's operators share. */
const ENDING = ".prefixes.json";
/** No provider has more at once. */
const MOST = 16;

/** The file of a provider in the folder that the lab's operators share. */
export function toldPrefixesFile(provider: string): string {
  return `${OPERATOR_FOLDER}/${provider}${ENDING}`;
}

/** The provider whose file has that name in that folder; undefined when it is another file. */
export function tellingProvider(file: string): string | undefined {
  return file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : undefined;
}

/** Writes what readToldPrefixes reads. */
export function formatToldPrefixes(prefixes: readonly Prefix6[]): string {
  return `${JSON.stringify({ prefixes: prefixes.map(formatPrefix6) })}\n`;
}

/** The prefixes that a provider's file tells; undefined when it is no such file. */
export function readToldPrefixes(text: string): Prefix6[] | undefined {
  try {
    const { prefixes } = JSON.parse(text) as { readonly prefixes?: unknown };
    if (!Array.isArray(prefixes) || prefixes.length > MOST) return undefined;
    const parsed = prefixes.map((one) => (typeof one === "string" ? parsePrefix6(one) : undefined));
    return parsed.every((one) => one !== undefined && one.length >= 32 && one.length <= 64)
      ? (parsed as Prefix6[])
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The tunnels with the prefixes that are routed into each, and which a provisioning domain names: what its provider tells, else
 * that of the lab file. Nobody gets by telling what is another one's by the lab file, or by an earlier one's word, or the
 * internet's own.
 */
export function withToldPrefixes(
  config: InternetConfig,
  told: ReadonlyMap<string, readonly Prefix6[]>,
): InternetConfig {
  const untold = config.peers.filter(({ provider }) => !told.has(provider));
  const taken = [INTERNET_PREFIX, ...untold.flatMap(({ prefix }) => parsePrefix6(prefix) ?? [])];
  const peers = config.peers.map((peer): InternetPeer => {
    const own = told.get(peer.provider);
    if (own === undefined) return peer;
    const free = own.filter((prefix) => !taken.some((one) => overlaps(one, prefix)));
    taken.push(...free);
    return { ...peer, prefixes: free.map(formatPrefix6) };
  });
  const services = config.services?.map((service) => {
    const peer = peers.find(({ provider }) => provider === service.provider);
    return service.pvd === undefined || peer?.prefixes === undefined
      ? service
      : { ...service, pvd: { ...service.pvd, prefixes: peer.prefixes } };
  });
  return { ...config, peers, ...(services === undefined ? {} : { services }) };
}

/** What is routed into a tunnel, and the only sources that are taken from it. */
export function prefixesOf({ prefix, prefixes }: InternetPeer): readonly string[] {
  return prefixes ?? [prefix];
}
