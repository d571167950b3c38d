import type { FarSide } from "./model.ts";

/** The prefixes for which the server answers neighbour discovery; none where they are routed to it or hidden. */
export function proxiedPrefixes({ variant, listeners }: FarSide): string[] {
  const peers = listeners.flatMap((listener) => listener.peers);
  if (variant === "on-link") return peers.flatMap(({ prefixes }) => prefixes);
  return variant === "nptv6" ? peers.flatMap(({ outside }) => outside ?? []) : [];
}

/** ndppd.conf for a server; undefined where nothing is proxied. `static`: ndppd cannot ask behind a tunnel without neighbours. */
export function renderNdppd(farSide: FarSide, uplink: string): string | undefined {
  const prefixes = proxiedPrefixes(farSide);
  if (prefixes.length === 0) return undefined;
  const rules = prefixes.map((prefix) => `  rule ${prefix} {\n    static\n  }\n`);
  return `proxy ${uplink} {\n  router yes\n${rules.join("")}}\n`;
}
