/** What a lab file's values mean together: pure rules, each of which reports everything that it finds. */
import { RESERVED_NAMES } from "../names.ts";
import { bundledCpes, hostNames, isDevice, subscriberOf } from "./defaults.ts";
import type { Finding } from "../yaml/findings.ts";
import { checkAnnouncements } from "./rules-announcements.ts";
import { checkDevices } from "./devices.ts";
import { checkEngines } from "./rules-engines.ts";
import { checkHosts } from "./rules-hosts.ts";
import { checkInterfaces } from "./rules-interfaces.ts";
import { checkDelegations, checkPrefixes, checkTimes } from "./rules-prefixes.ts";
import { checkServices } from "./rules-services.ts";
import { checkTunnels } from "./rules-tunnels.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";
import { suggest } from "../values/suggest.ts";

/** Applies every rule to a lab file whose single values are right. */
export function checkRules(file: LabFile): Finding[] {
  return [
    checkNames,
    checkTunnels,
    checkPrefixes,
    checkDelegations,
    checkTimes,
    checkAnnouncements,
    checkServices,
    checkCpes,
    checkDevices,
    checkHosts,
    checkInterfaces,
    checkEngines,
  ].flatMap((rule) => rule(file));
}

/** The rules that hold for a provider by itself, as for the document of its BNG; paths begin in the provider. */
export function checkProvider(provider: ProviderEntry): Finding[] {
  const file: LabFile = { name: provider.name, providers: [provider] };
  const hasPool = provider.prefix.length < 64 || provider.delegation?.prefix !== undefined;
  return [
    checkTunnels,
    ...(hasPool ? [checkDelegations] : []),
    checkTimes,
    checkAnnouncements,
    checkReachable,
  ].flatMap((rule) => rule(file).map(({ path, ...finding }) => ({ ...finding, path: path.slice(2) })));
}

/** Only a lab knows what its CPEs are. */
function checkReachable({ providers }: LabFile): Finding[] {
  return providers.flatMap(({ name, subscriber }, index) =>
    subscriber !== undefined && subscriber.kind !== "cpe"
      ? []
      : {
          code: "MHLAB_LAB_NO_SUBSCRIBER" as const,
          message: `${name} has no access link of its own`,
          hint: "name one, such as subscriber: {interface: enp2s0}, {vlan: {parent: enp2s0, id: 101}} or {veth: to-cpe}",
          path: ["providers", index, "subscriber"],
        },
  );
}

/** Containers are called after these names, so all of them share one space. */
function checkNames({ providers, cpes = [], hosts = [] }: LabFile): Finding[] {
  const entries = [
    ...providers.map(({ name }, index) => ({
      name,
      what: `provider ${name}`,
      path: ["providers", index, "name"],
    })),
    ...cpes.map(({ name }, index) => ({ name, what: `CPE ${name}`, path: ["cpes", index, "name"] })),
    ...cpes.flatMap((cpe, index) =>
      hostNames(cpe).map((name) => ({
        name,
        what: `host ${name} of CPE ${cpe.name}`,
        path: ["cpes", index, "name"],
      })),
    ),
    ...hosts.map(({ name }, index) => ({ name, what: `host ${name}`, path: ["hosts", index, "name"] })),
  ];
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { name, what, path } of entries) {
    const owner = owners.get(name);
    const reserved = RESERVED_NAMES.get(name);
    if (reserved !== undefined) {
      findings.push({
        code: "MHLAB_LAB_RESERVED_NAME",
        message: `the name ${name} is reserved`,
        hint: `${reserved} is called so; choose another name`,
        path,
      });
    } else if (owner !== undefined) {
      findings.push({
        code: "MHLAB_LAB_DUPLICATE_NAME",
        message: owner === what ? `there is already a ${owner}` : `${what} has the name of ${owner}`,
        hint: "providers, CPEs and hosts need different names; rename one of them",
        path,
      });
    } else {
      owners.set(name, what);
    }
  }
  return findings.filter(
    ({ path, code }, index) =>
      findings.findIndex((other) => other.path === path && other.code === code) === index,
  );
}

function checkCpes({ providers, cpes = [] }: LabFile): Finding[] {
  const names = bundledCpes({ cpes }).map(({ name }) => name);
  const devices = cpes.filter(isDevice).map(({ name }) => name);
  const used = new Set<string>();
  const findings: Finding[] = [];
  for (const [index, provider] of providers.entries()) {
    const subscriber = subscriberOf(provider, cpes);
    if (subscriber === undefined) {
      findings.push({
        code: "MHLAB_LAB_NO_SUBSCRIBER",
        message: `provider ${provider.name} has no subscriber`,
        hint:
          names.length === 0
            ? "say where CPEs are connected: an interface of the host (subscriber: {interface: enp2s0}), or a bundled CPE (cpes: [{name: home}])"
            : `with several CPEs, each provider names one: subscriber: {cpe: ${names[0]}}`,
        path: ["providers", index],
      });
    } else if (subscriber.kind === "cpe") {
      used.add(subscriber.cpe);
      if (!names.includes(subscriber.cpe))
        findings.push(unknownCpe(subscriber.cpe, { names, devices }, index));
    }
  }
  if (findings.length > 0) return findings;
  return cpes.flatMap((cpe, index) => {
    const { name } = cpe;
    return used.has(name) || isDevice(cpe)
      ? []
      : {
          code: "MHLAB_LAB_UNUSED_CPE" as const,
          message: `no provider is connected to CPE ${name}`,
          hint: `give a provider subscriber: {cpe: ${name}}, or take the CPE out`,
          path: ["cpes", index, "name"],
        };
  });
}

function unknownCpe(
  cpe: string,
  { names, devices }: { readonly names: readonly string[]; readonly devices: readonly string[] },
  index: number,
): Finding {
  const path = ["providers", index, "subscriber", "cpe"];
  if (devices.includes(cpe))
    return {
      code: "MHLAB_LAB_UNKNOWN_CPE",
      message: `${cpe} is a router of your own, which no link of the lab leads to`,
      hint: "name the link of the machine that its WAN is connected to: subscriber: {interface: enp2s0}",
      path,
    };
  const meant = suggest(cpe, names);
  const otherwise =
    names.length === 0
      ? `add it at the end of the file: cpes: [{name: ${cpe}}]`
      : `the lab has only ${names.join(", ")}`;
  return {
    code: "MHLAB_LAB_UNKNOWN_CPE",
    message: `there is no CPE ${cpe}`,
    hint: meant === undefined ? otherwise : `did you mean ${meant}?`,
    path,
  };
}
