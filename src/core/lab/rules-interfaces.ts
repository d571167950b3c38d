import { formatTarget } from "../bng/link.ts";
import type { Finding, Path } from "./findings.ts";
import type { SubscriberLink } from "./model.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

/** What a provider does with an interface of the host. */
type Use = "claim" | "parent" | "bridge" | "veth";

interface Claim {
  readonly provider: string;
  readonly interface: string;
  readonly use: Use;
  readonly vlan: string | undefined;
  readonly path: Path;
}

/** No interface of the host is promised to two providers that cannot share it. */
export function checkInterfaces({ providers }: LabFile): Finding[] {
  const claims = providers.flatMap(claimOf);
  return claims.flatMap((claim, index) => {
    const clash = claims
      .slice(0, index)
      .filter((earlier) => earlier.interface === claim.interface)
      .map((earlier) => explainClash(earlier, claim))
      .find((found) => found !== undefined);
    return clash === undefined
      ? []
      : [{ code: "MHLAB_LAB_INTERFACE_CLASH" as const, path: claim.path, ...clash }];
  });
}

function claimOf({ name, subscriber }: ProviderEntry, index: number): Claim[] {
  const claim = (use: Use, device: string, key: string, vlan?: string): Claim[] => [
    { provider: name, interface: device, use, vlan, path: ["providers", index, "subscriber", key] },
  ];
  switch (subscriber?.kind) {
    case "claim":
      return claim("claim", subscriber.interface, "interface");
    case "veth":
      return claim("veth", placeOf(subscriber), "veth");
    case "bridge":
      return claim("bridge", subscriber.bridge, "bridge");
    case "vlan":
      return claim("parent", subscriber.parent, "vlan", tagsOf(subscriber));
    case "macvlan":
      return claim("parent", subscriber.parent, "macvlan");
    default:
      return [];
  }
}

/** A name inside a container or namespace clashes with names there only. */
function placeOf({ peer, into }: Extract<SubscriberLink, { kind: "veth" }>): string {
  return into === undefined ? peer : `${peer} in ${formatTarget(into)}`;
}

function tagsOf({ id, outer }: Extract<SubscriberLink, { kind: "vlan" }>): string {
  return outer === undefined ? String(id) : `${outer}.${id}`;
}

function explainClash(earlier: Claim, later: Claim): { message: string; hint: string } | undefined {
  const device = later.interface;
  const uses = new Set([earlier.use, later.use]);
  if (uses.has("veth")) {
    return {
      message: `${earlier.provider} and ${later.provider} both use the name ${device}`,
      hint: "veth names an interface that mhlab makes on the host; it needs a name that nothing else has",
    };
  }
  if (uses.has("claim")) {
    const taker = earlier.use === "claim" ? earlier : later;
    const other = taker === earlier ? later : earlier;
    return {
      message:
        other.use === "claim"
          ? `${device} is already the subscriber interface of ${earlier.provider}`
          : `${taker.provider} takes ${device} away from the host, and ${other.provider} needs it there`,
      hint: `to share ${device}, give each of them a vlan or a macvlan: {macvlan: ${device}}`,
    };
  }
  if (earlier.vlan !== undefined && earlier.vlan === later.vlan) {
    return {
      message: `VLAN ${later.vlan} on ${device} already belongs to ${earlier.provider}`,
      hint: "give each provider a VLAN id of its own",
    };
  }
  return undefined;
}
