import { UsageError } from "../../model/errors.ts";
import { INTERNET_PREFIX } from "../../model/internet/config.ts";
import { formatPrefix6, overlaps, parseIp6, prefixOf, type Prefix6 } from "../../model/ip6.ts";
import type { Lab } from "../../model/lab/model.ts";
import type { Cast } from "./schedule.ts";

const UNCHANGED = { state: "Nothing was changed." };
/** Documentation prefixes (RFC 3849, RFC 9637) for the provider that renumbers: the first that the lab does not use. */
const FRESH = ["2001:db8:c4ec::", "3fff:c4e::", "3fff:c4f::"];

/** Who takes part in the check of a CPE of a lab; without a name, of its only one. Throws UsageError when it cannot be checked. */
export function castOf(lab: Lab, wanted: string | undefined): Cast {
  const names = lab.cpes.map(({ name }) => name);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  const cpe = lab.cpes.find((one) => one.name === name);
  if (cpe === undefined)
    throw new UsageError(
      wanted !== undefined
        ? `there is no CPE ${wanted} in ${lab.name}`
        : names.length === 0
          ? `${lab.name} has no CPE to check`
          : `${lab.name} has several CPEs`,
      {
        hint:
          names.length === 0
            ? "a CPE in a lab file: cpes: [{name: home, hosts: 1}]"
            : `name one: ${names.map((one) => `--cpe ${one}`).join(", ")}`,
        ...UNCHANGED,
      },
    );
  const [host] = cpe.hosts;
  if (host === undefined)
    throw new UsageError(`${cpe.name} has no host on its LAN, where the check observes it`, {
      hint: `in the lab file, give it one: {name: ${cpe.name}, hosts: 1}`,
      ...UNCHANGED,
    });
  const first = lab.providers.find((one) => one.name === cpe.providers[0]);
  if (first === undefined)
    throw new UsageError(`${cpe.name} has no provider`, {
      hint: `in the lab file, a provider names it: subscriber: {cpe: ${cpe.name}}`,
      ...UNCHANGED,
    });
  const used = [...lab.providers.map(({ prefix }) => prefix), INTERNET_PREFIX];
  return { cpe: cpe.name, host, providers: cpe.providers, freshPrefix: freshPrefix(first.prefix, used) };
}

function freshPrefix({ length }: Prefix6, used: readonly Prefix6[]): string {
  const free = FRESH.flatMap((text) => prefixOf(parseIp6(text) ?? 0n, length)).find((one) =>
    used.every((other) => !overlaps(one, other)),
  );
  if (free === undefined)
    throw new UsageError("the lab uses all prefixes to which its first provider could be renumbered", {
      hint: `a provider's prefix can be longer than /${length}`,
      ...UNCHANGED,
    });
  return formatPrefix6(free);
}
