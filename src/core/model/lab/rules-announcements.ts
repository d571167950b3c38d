/** Contradictions in what a provider tells its customers. */
import { formatIp6, formatPrefix6, subnet, type Prefix6 } from "../ip6.ts";
import { advertisedProblem } from "../settings/advertised.ts";
import {
  canExclude,
  firstDelegation,
  reservationProblems,
  type ReservationProblem,
} from "../settings/dhcpv6.ts";
import { advertisementLength, LONGEST_ADVERTISEMENT } from "../settings/advertisement-length.ts";
import type { Settled } from "../settings/registry.ts";
import { settledOf } from "./defaults.ts";
import type { Finding, Path } from "../yaml/findings.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

interface Networks {
  readonly prefix: Prefix6;
  readonly transfer: Prefix6;
  readonly pool: Prefix6 | undefined;
  readonly delegatedLength: number;
}

/** A provider excludes, reserves and announces nothing but what it has to give. */
export function checkAnnouncements({ internet, providers }: LabFile): Finding[] {
  return providers.flatMap((provider, index) => {
    const settled = settledOf(provider, internet);
    const { delegation } = settled;
    const networks = {
      prefix: provider.prefix,
      transfer: subnet(provider.prefix, 64, 0n),
      ...delegation,
    };
    const path = ["providers", index];
    return [
      ...checkExcluded(provider, networks, path),
      ...checkReservations(provider, networks, path),
      ...checkAdvertised(provider, networks, path),
      ...checkLength(provider.name, settled, path),
    ];
  });
}

/** One advertisement has to hold all. */
function checkLength(name: string, { advertised, dns, captivePortal, pvd }: Settled, path: Path): Finding[] {
  const length = advertisementLength({ advertised, pvd, ...dns, ...captivePortal });
  return length <= LONGEST_ADVERTISEMENT
    ? []
    : [
        {
          code: "MHLAB_LAB_ADVERTISED",
          message: `${name}'s router advertisement would have ${length} octets, and ${LONGEST_ADVERTISEMENT} fit`,
          hint: "announce fewer routes, prefixes, DNS servers or domains, or shorter names",
          path,
        },
      ];
}

function checkExcluded({ name, delegation }: ProviderEntry, networks: Networks, path: Path): Finding[] {
  const exclude = delegation?.exclude;
  const first = firstDelegation(networks);
  // A single /64 is complained about by itself.
  if (exclude === undefined || first === undefined || canExclude(exclude, networks)) return [];
  const example = first.length < 64 ? `, such as ${formatPrefix6(lastOf(first))}` : "";
  return [
    {
      code: "MHLAB_LAB_EXCLUDE",
      message: `${name} cannot exclude ${formatPrefix6(exclude)}, which is not a part of a delegation`,
      hint: `name a part of the first delegation ${formatPrefix6(first)}${example}; all others have theirs at the same place (RFC 6603)`,
      path: [...path, "delegation", "exclude"],
    },
  ];
}

const lastOf = (prefix: Prefix6): Prefix6 => subnet(prefix, 64, (1n << BigInt(64 - prefix.length)) - 1n);

function checkReservations({ name, delegation }: ProviderEntry, networks: Networks, path: Path): Finding[] {
  const reservations = delegation?.reservations ?? [];
  return reservationProblems(reservations, networks).map((problem) => {
    const place = [...path, "delegation", "reservations", problem.index];
    return {
      code: "MHLAB_LAB_RESERVATION",
      ...sayReservation(name, problem, networks),
      path: problem.kind === "nothing" ? place : [...place, problem.field],
    };
  });
}

function sayReservation(
  name: string,
  { field, kind }: ReservationProblem,
  { transfer, pool, delegatedLength }: Networks,
): { message: string; hint: string } {
  switch (kind) {
    case "repeated":
      return {
        message: `${name} has another reservation with this ${field}`,
        hint:
          field === "duid"
            ? "put what one customer gets into one reservation"
            : `each customer has a ${field} of its own`,
      };
    case "nothing":
      return {
        message: `${name} reserves nothing for this customer`,
        hint: "add prefix, address or both",
      };
    case "length":
      return {
        message: `${name} delegates /${delegatedLength}, and reserves another length`,
        hint: `reserve a /${delegatedLength}, or change delegation.length`,
      };
    case "own":
      return {
        message: `${name} has this address itself`,
        hint: `reserve another one of ${formatPrefix6(transfer)}`,
      };
    case "outside":
      return field === "address"
        ? {
            message: `${name} cannot give this address to a customer`,
            hint: `reserve one of the transfer network ${formatPrefix6(transfer)}, such as ${formatIp6(transfer.bits | 0x1_0042n)}`,
          }
        : {
            message: `${name} cannot delegate this prefix, which is not in its pool`,
            hint: pool === undefined ? "it has no pool" : `reserve a part of the pool ${formatPrefix6(pool)}`,
          };
  }
}

function checkAdvertised(provider: ProviderEntry, networks: Networks, path: Path): Finding[] {
  const { name } = provider;
  const prefixes = provider["router-advertisement"]?.prefixes ?? [];
  return prefixes.flatMap((entry, index) => {
    const problem = advertisedProblem(entry, networks, prefixes.slice(0, index));
    if (problem === undefined) return [];
    const shown = formatPrefix6(entry.prefix);
    const [message, hint] = {
      outside: [
        `${name} cannot announce ${shown}, which is not part of its prefix`,
        `take a /64 of ${formatPrefix6(networks.prefix)}`,
      ],
      transfer: [
        `${name} announces its first /64 ${formatPrefix6(networks.transfer)} anyway`,
        "its flags are on-link, autonomous and pd-preferred of router-advertisement itself",
      ],
      pool: [
        `${name} delegates ${shown} to its customers`,
        "announce a /64 beside the pool, or give the pool another place by delegation.prefix",
      ],
      repeated: [`${name} announces ${shown} twice`, "one entry has all of its flags"],
      length: [
        `nobody makes addresses in ${shown}, which is no /64`,
        "announce a /64, or give it autonomous: false",
      ],
      lifetimes: [`${shown} would be preferred for longer than it is valid`, "preferred is at most valid"],
    }[problem] as [string, string];
    return {
      code: "MHLAB_LAB_ADVERTISED" as const,
      message,
      hint,
      path: [...path, "router-advertisement", "prefixes", index, "prefix"],
    };
  });
}
