import type { HostUse } from "../links/kind.ts";
import { kindOf, type SubscriberLink } from "../links/registry.ts";
import type { Finding, Path } from "../yaml/findings.ts";
import type { LabFile } from "./schema.ts";

interface Claim extends HostUse {
  readonly name: string;
  /** What the interface is to it. */
  readonly as: string;
  /** Names of interfaces are those of one machine. */
  readonly engine: string | undefined;
  readonly path: Path;
}

/** No interface of the machine is promised to two nodes that cannot share it. */
export function checkInterfaces({ engines = [], providers, hosts = [], cpes = [] }: LabFile): Finding[] {
  const at = (engine: string | undefined): string | undefined => engine ?? engines[0]?.name;
  const claims = [
    ...providers.flatMap(({ name, subscriber, engine }, index) =>
      claimOf(subscriber, {
        name,
        as: "subscriber interface",
        engine: at(engine),
        path: ["providers", index, "subscriber"],
      }),
    ),
    ...hosts.flatMap(({ name, lan, engine }, index) =>
      lan.kind === "lan"
        ? []
        : claimOf(lan, { name, as: "port", engine: at(engine), path: ["hosts", index, "lan"] }),
    ),
    ...cpes.flatMap(({ name, lan, engine }, index) =>
      claimOf(lan, { name, as: "LAN", engine: at(engine), path: ["cpes", index, "lan"] }),
    ),
  ];
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
  link: SubscriberLink | undefined,
  user: Pick<Claim, "name" | "as" | "engine" | "path">,
): Claim[] {
  if (link === undefined) return [];
  const kind = kindOf(link);
  const use = kind.hostUse(link);
  return use === undefined ? [] : [{ ...use, ...user, path: [...user.path, kind.key] }];
}

function explainClash(earlier: Claim, later: Claim): { message: string; hint: string } | undefined {
  const device = later.interface;
  if ([earlier, later].every(({ how, together }) => how === "shares" || together === true))
    return sharedPart(earlier, later);
  const made = [earlier, later].find(({ how }) => how === "makes");
  if (made !== undefined) {
    return {
      message: `${earlier.name} and ${later.name} both use the name ${device}`,
      hint: `${String(made.path.at(-1))} names an interface that mhlab makes on the host; it needs a name that nothing else has`,
    };
  }
  const taker = [earlier, later].find(({ how }) => how === "takes");
  if (taker !== undefined) {
    const other = taker === earlier ? later : earlier;
    return {
      message:
        other.how === "takes"
          ? `${device} is already the ${earlier.as} of ${earlier.name}`
          : `${taker.name} takes ${device} away from the host, and ${other.name} needs it there`,
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
        message: `${part.name} on ${later.interface} already belongs to ${earlier.name}`,
        hint: part.hint,
      };
}
