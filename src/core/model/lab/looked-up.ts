import { isIpv4 } from "../values/parse.ts";
import type { Lab } from "./model.ts";
import { parseIp6 } from "../ip6.ts";

/** Variables with such a name hold nothing but what labs are told. */
const OF_LABS = /^(LAB|MHLAB)_/;

/**
 * The variables of the environment whose values became part of a name that is looked up: of a far side by its provider, of a search
 * domain, a provisioning domain or a captive portal by every host. Who answers for that name reads the value, so it must be none that was meant for another program.
 */
export function lookedUpVariables(lab: Lab, used: ReadonlyMap<string, string>): string[] {
  const names = lab.providers.flatMap(namesOf).map((name) => name.toLowerCase());
  return [...used].flatMap(([variable, value]) => {
    const host = hostIn(value.trim().toLowerCase());
    return !OF_LABS.test(variable) && host !== "" && names.some((name) => name.includes(host))
      ? [variable]
      : [];
  });
}

/** A value may hold a port as well, which is looked up nowhere. */
function hostIn(value: string): string {
  return value.replace(/:\d*$/, "");
}

function namesOf({ wireguard, dnsSearch, pvd, captivePortal }: Lab["providers"][number]): string[] {
  const host = wireguard.kind === "real" ? wireguard.endpoint.host : undefined;
  const isName = host !== undefined && !isIpv4(host) && parseIp6(host) === undefined;
  // All of an address goes to the server of its host.
  return [isName ? host : undefined, pvd.name, captivePortal, ...dnsSearch].filter(
    (name) => name !== undefined,
  );
}
