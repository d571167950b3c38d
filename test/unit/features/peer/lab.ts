import { deriveFarSides, type FarSideOptions } from "../../../../src/features/peer/derive.ts";
import type { FarSide } from "../../../../src/features/peer/model.ts";
import { parsePrefix6 } from "../../../../src/core/model/ip6.ts";
import type { Lab } from "../../../../src/core/model/lab/model.ts";
import { keysOf, lab } from "../../support/planned-lab.ts";

export const SERVER_KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

/** Two providers whose tunnels end at one port of one server; alpha shares a key with it. */
export const SHARED = `
name: desk
providers:
  - name: alpha
    prefix: 2001:db8:a::/56
    wireguard: {endpoint: 192.0.2.42:51820, peer: ${SERVER_KEY}, address: 2001:db8:0:f::a/64, preshared-key: true}
    subscriber: {interface: enp2s0}
  - name: beta
    prefix: 2001:db8:b::/60
    wireguard: {endpoint: 192.0.2.42:51820, peer: ${SERVER_KEY}, address: 2001:db8:0:f::b/64}
    subscriber: {interface: enp3s0}
`;

/** The same with a port for each, on a server known by name. */
export const PORTS = SHARED.replaceAll("192.0.2.42", "far.example.net").replace(/51820(, .*::b)/, "51821$1");

const OPTIONS: FarSideOptions = { variant: "routed", uplink: undefined, outside: undefined };
export const OUTSIDE = parsePrefix6("2001:db8:f::/52");

export function farSides(text: string, options: Partial<FarSideOptions> = {}): FarSide[] {
  const one: Lab = lab(text);
  return deriveFarSides(one, keysOf(one), { ...OPTIONS, ...options });
}
