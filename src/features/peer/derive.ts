import { groupBy } from "../../core/model/grouped.ts";
import { UsageError } from "../../core/model/errors.ts";
import { farAddress } from "../../core/model/far-address.ts";
import { formatIp6, formatPrefix6, prefixOf, subnet, type Prefix6 } from "../../core/model/ip6.ts";
import type { Lab, Provider, RealFarSide } from "../../core/model/lab/model.ts";
import type { ProviderKeys } from "../../core/render/nodes/spec.ts";
import { SERVER_FOLDER, type FarPeer, type FarSide, type Listener, type Variant } from "./model.ts";

/** The server sends keepalives as well: what is received tells a BNG that the far side lives. */
const KEEPALIVE_S = 25;

export interface FarSideOptions {
  readonly variant: Variant;
  readonly uplink: string | undefined;
  /** With NPTv6: what the server has; divided among the providers in the order of the file. */
  readonly outside: Prefix6 | undefined;
  /** What providers have now, canonical, where they run with more or other prefixes than the lab file says. */
  readonly live?: ReadonlyMap<string, readonly string[]>;
}

interface Tunnel {
  readonly provider: Provider;
  readonly far: RealFarSide;
}

/** What each server of a lab has to do, one per endpoint host. Tunnels of a server that exclude each other are no lab. */
export function deriveFarSides(
  lab: Lab,
  keys: ReadonlyMap<string, ProviderKeys>,
  options: FarSideOptions,
): FarSide[] {
  const tunnels = lab.providers.flatMap((provider) =>
    provider.wireguard.kind === "real" ? [{ provider, far: provider.wireguard }] : [],
  );
  const outside = outsidePrefixes(tunnels, options);
  return [...groupBy(tunnels, ({ far }) => far.endpoint.host.toLowerCase())].map(([server, own]) => {
    const listeners = [...groupBy(own, ({ far }) => far.endpoint.port)].map(([port, atPort]) =>
      listenerOf(port, atPort, keys, outside, options.live ?? new Map()),
    );
    return { lab: lab.name, server, variant: options.variant, uplink: options.uplink, listeners };
  });
}

function listenerOf(
  port: number,
  tunnels: readonly Tunnel[],
  keys: ReadonlyMap<string, ProviderKeys>,
  outside: ReadonlyMap<string, string>,
  live: ReadonlyMap<string, readonly string[]>,
): Listener {
  const name = serverInterface(port);
  const taken = new Set(tunnels.map(({ far }) => far.address.address));
  const addresses = tunnels.flatMap(({ far }) => serverAddress(far, taken) ?? []);
  return {
    interface: name,
    port,
    mtu: Math.min(...tunnels.map(({ far }) => far.mtu)),
    publicKey: tunnels[0]?.far.peer ?? "",
    privateKeyFile: `${SERVER_FOLDER}/${name}.key`,
    addresses: [...new Set(addresses.map(formatIp6))],
    peers: tunnels.map(({ provider, far }): FarPeer => {
      const address = formatIp6(far.address.address);
      const prefixes = live.get(provider.name) ?? [formatPrefix6(provider.prefix)];
      return {
        provider: provider.name,
        publicKey: keys.get(provider.name)?.bng ?? "",
        presharedKeyFile: far.presharedKey ? `${SERVER_FOLDER}/${provider.name}.psk` : undefined,
        address,
        prefix: prefixes[0] ?? "",
        prefixes,
        allowedIps: [`${address}/128`, ...prefixes],
        keepaliveS: KEEPALIVE_S,
        outside: outside.get(provider.name),
      };
    }),
  };
}

/** The WireGuard interface of a server for a port; unique on the server, because the port is. */
function serverInterface(port: number): string {
  return `mhlab-${port}`;
}

/** The address that the lab file wants to probe, or the first of the tunnel's network that no BNG has. */
function serverAddress(far: RealFarSide, taken: ReadonlySet<bigint>): bigint | undefined {
  const { address, length } = far.address;
  const network = prefixOf(address, length);
  if (far.probe !== undefined && prefixOf(far.probe, length).bits === network.bits && !taken.has(far.probe)) {
    return far.probe;
  }
  return farAddress(far.address, taken);
}

function outsidePrefixes(
  tunnels: readonly Tunnel[],
  { variant, outside }: FarSideOptions,
): ReadonlyMap<string, string> {
  if (variant !== "nptv6") {
    if (outside === undefined) return new Map();
    throw new UsageError(`--outside has no use with --variant ${variant}`, {
      hint: "it is the prefix that NPTv6 translates to: --variant nptv6",
    });
  }
  if (outside === undefined) {
    throw new UsageError("NPTv6 needs to know the server's prefix", {
      hint: "name it: --variant nptv6 --outside 2001:db8:f::/56",
    });
  }
  const found = new Map<string, string>();
  let next = outside.bits;
  for (const { provider } of tunnels) {
    const { length } = provider.prefix;
    const size = 1n << BigInt(128 - length);
    const start = ((next + size - 1n) / size) * size;
    const index = (start - outside.bits) / size;
    if (length < outside.length || index >= 1n << BigInt(length - outside.length)) {
      throw new UsageError(`${formatPrefix6(outside)} has no /${length} for ${provider.name}`, {
        hint: `translation is between prefixes of one length: give ${provider.name} a longer prefix in the lab file, or hide it by --variant nat66`,
      });
    }
    found.set(provider.name, formatPrefix6(subnet(outside, length, index)));
    next = start + size;
  }
  return found;
}
