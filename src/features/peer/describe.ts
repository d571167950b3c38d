import { renderFirewall } from "./firewall.ts";
import {
  ON_LINK_METRIC,
  UNREACHABLE_METRIC,
  USUAL_METRIC,
  VARIANT_NOTES,
  type FarFile,
  type FarSide,
  type FileFormat,
} from "./model.ts";
import { proxiedPrefixes } from "./ndppd.ts";
import { renderNetworkd } from "./networkd.ts";
import { firewallRules } from "./nftables.ts";
import { renderScript } from "./script.ts";
import { renderWgQuick } from "./wg-quick.ts";

/** A route of a server; the metric is the kernel's to choose where it is undefined. */
interface FarRoute {
  readonly destination: string;
  readonly interface: string | undefined;
  readonly type: "unicast" | "unreachable";
  readonly metric: number;
}

/** Everything about a far side as data, with the files and the script as texts. */
export interface FarSideDescription extends FarSide {
  readonly notes: readonly string[];
  readonly routes: readonly FarRoute[];
  readonly kernel: Readonly<Record<string, string>>;
  readonly firewall: readonly { readonly interface: string; input: string[]; forward: string[] }[];
  readonly neighbourProxy: readonly string[];
  readonly files: Readonly<Record<FileFormat, readonly FarFile[]>>;
  readonly script: string;
}

/** Describes a far side whole, for `--format json`. */
export function describeFarSide(farSide: FarSide): FarSideDescription {
  const { listeners, variant } = farSide;
  const metric = variant === "on-link" ? ON_LINK_METRIC : USUAL_METRIC;
  const proxied = proxiedPrefixes(farSide);
  const uplink = farSide.uplink ?? "<uplink>";
  return {
    ...farSide,
    notes: VARIANT_NOTES[variant],
    routes: listeners.flatMap(({ interface: name, peers }) =>
      peers.flatMap(({ address, prefixes }): FarRoute[] => [
        { destination: `${address}/128`, interface: name, type: "unicast", metric: USUAL_METRIC },
        ...prefixes.flatMap((destination): FarRoute[] => [
          { destination, interface: name, type: "unicast", metric },
          { destination, interface: undefined, type: "unreachable", metric: UNREACHABLE_METRIC },
        ]),
      ]),
    ),
    kernel: {
      [`net.ipv6.conf.${uplink}.accept_ra`]: "2",
      "net.ipv6.conf.all.forwarding": "1",
      ...(proxied.length > 0 ? { [`net.ipv6.conf.${uplink}.proxy_ndp`]: "1" } : {}),
    },
    firewall: listeners.map((listener) => ({
      interface: listener.interface,
      ...firewallRules(listener),
    })),
    neighbourProxy: proxied,
    files: {
      "wg-quick": renderFiles(farSide, "wg-quick"),
      networkd: renderFiles(farSide, "networkd"),
      nftables: renderFiles(farSide, "nftables"),
    },
    script: renderScript(farSide),
  };
}

/** The files of a format; each says where on the server it belongs. */
export function renderFiles(farSide: FarSide, format: FileFormat): FarFile[] {
  if (format === "wg-quick") return renderWgQuick(farSide);
  return format === "networkd" ? renderNetworkd(farSide) : renderFirewall(farSide);
}
