import type { HostUse } from "../links/kind.ts";
import { kindOf } from "../links/registry.ts";
import type { Finding, Path } from "../yaml/findings.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

interface Claim extends HostUse {
  readonly provider: string;
  /** Names of interfaces are those of one machine. */
  readonly engine: string | undefined;
  readonly path: Path;
}

/** No interface of the host is promised to two providers that cannot share it. */
export function checkInterfaces({ engines = [], providers }: LabFile): Finding[] {
  const claims = providers.flatMap((entry, index) => claimOf(entry, index, engines[0]?.name));
  return claims.flatMap((claim, index) => {
    const clash = claims
      .slice(0, index)
      .filter((earlier) => earlier.interface === claim.interface && earlier.engine === claim.engine)
      .map((earlier) => explainClash(earlier, claim))
      .find((found) => found !== undefined);
    return clash === undefined
      ? []
      : [{ code: "MHLAB_LAB_INTERFACE_CLASH" as const, path: claim.path, ...clash }];
  });
}

function claimOf(
  { name, subscriber, engine }: ProviderEntry,
  index: number,
  first: string | undefined,
): Claim[] {
  if (subscriber === undefined) return [];
  const kind = kindOf(subscriber);
  const use = kind.hostUse(subscriber);
  if (use === undefined) return [];
  return [
    { ...use, provider: name, engine: engine ?? first, path: ["providers", index, "subscriber", kind.key] },
  ];
}

function explainClash(earlier: Claim, later: Claim): { message: string; hint: string } | undefined {
  const device = later.interface;
  if ([earlier, later].every(({ how, together }) => how === "shares" || together === true))
    return sharedPart(earlier, later);
  const made = [earlier, later].find(({ how }) => how === "makes");
  if (made !== undefined) {
    return {
      message: `${earlier.provider} and ${later.provider} both use the name ${device}`,
      hint: `${String(made.path.at(-1))} names an interface that mhlab makes on the host; it needs a name that nothing else has`,
    };
  }
  const taker = [earlier, later].find(({ how }) => how === "takes");
  if (taker !== undefined) {
    const other = taker === earlier ? later : earlier;
    return {
      message:
        other.how === "takes"
          ? `${device} is already the subscriber interface of ${earlier.provider}`
          : `${taker.provider} takes ${device} away from the host, and ${other.provider} needs it there`,
      hint: `to share ${device}, give each of them a vlan or a macvlan: {macvlan: ${device}}`,
    };
  }
  return undefined;
}

/** Two that share it are in each other's way by a part that nobody else can have. */
function sharedPart(earlier: Claim, later: Claim): { message: string; hint: string } | undefined {
  const { part } = later;
  return part === undefined || part.name !== earlier.part?.name
    ? undefined
    : {
        message: `${part.name} on ${later.interface} already belongs to ${earlier.provider}`,
        hint: part.hint,
      };
}
