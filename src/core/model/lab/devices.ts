/** Routers of the user's own (`device: true`), which the lab knows only by its links to them. */
import type { Finding, Path } from "../yaml/findings.ts";
import { suggest } from "../values/suggest.ts";
import { hostNames, isDevice } from "./defaults.ts";
import type { LanHost, MachineLink } from "./model.ts";
import type { CpeEntry, LabFile, ProviderEntry } from "./schema.ts";

/** The link of each host on a device's LAN: several share a NIC by macvlans. */
function hostLinkOf(lan: MachineLink, hosts: number): MachineLink {
  return lan.kind === "claim" && hosts > 1 ? { kind: "macvlan", parent: lan.interface } : lan;
}

/** Whether a provider's customers are outside of the lab. */
function isOutside({ subscriber }: Pick<ProviderEntry, "subscriber">): boolean {
  return subscriber !== undefined && subscriber.kind !== "cpe" && subscriber.kind !== "lan";
}

/** The providers that a device's WANs are connected to, in file order. */
export function providersOfDevice({ wans }: CpeEntry, providers: readonly ProviderEntry[]): string[] {
  return providers
    .filter((provider) => (wans === undefined ? isOutside(provider) : wans.includes(provider.name)))
    .map(({ name }) => name);
}

/** The hosts on a device's LAN; `exclusive`: only they may use the interface that they share. */
export function hostsOfDevice(device: CpeEntry): (Pick<LanHost, "name" | "engine" | "exclusive"> & {
  readonly link: MachineLink;
})[] {
  const { lan, engine } = device;
  if (lan === undefined) return [];
  const names = hostNames(device);
  const link = hostLinkOf(lan, names.length);
  const exclusive =
    link === lan || (lan.kind === "claim" && lan.force === true) ? {} : { exclusive: true as const };
  return names.map((name) => ({ name, link, engine, ...exclusive }));
}

/** What an entry of `cpes` says together, and that each provider has one device at most. */
export function checkDevices({ providers, cpes = [] }: LabFile): Finding[] {
  const owners = new Map<string, string>();
  return cpes.flatMap((cpe, index) => {
    const path: Path = ["cpes", index];
    if (!isDevice(cpe)) return bundledFindings(cpe, path);
    const taken = providersOfDevice(cpe, providers).flatMap((name): Finding[] => {
      const owner = owners.get(name);
      owners.set(name, owner ?? cpe.name);
      return owner === undefined
        ? []
        : [
            finding(
              `${name} is connected to ${owner} and to ${cpe.name}`,
              "with several devices, name the providers of each: wans: [alpha, beta]",
              [...path, cpe.wans === undefined ? "device" : "wans"],
            ),
          ];
    });
    return [...deviceFindings(cpe, path), ...wanFindings(cpe, providers, path), ...taken];
  });
}

function finding(message: string, hint: string, path: Path): Finding {
  return { code: "MHLAB_LAB_DEVICE", message, hint, path };
}

function bundledFindings(cpe: CpeEntry, path: Path): Finding[] {
  return (["lan", "wans"] as const)
    .filter((key) => cpe[key] !== undefined)
    .map((key) =>
      finding(
        `${key} belongs to a router of your own, and ${cpe.name} is a bundled CPE`,
        `add device: true, or take ${key} out`,
        [...path, key],
      ),
    );
}

function deviceFindings(cpe: CpeEntry, path: Path): Finding[] {
  const { name, lan, software } = cpe;
  const count = hostNames(cpe).length;
  return [
    ...(software === undefined
      ? []
      : [
          finding(`${name} is a router of your own, and mhlab runs no software for it`, "take software out", [
            ...path,
            "software",
          ]),
        ]),
    ...(lan === undefined && count > 0
      ? [
          finding(
            `${name} has ${count === 1 ? "a host" : `${count} hosts`}, and no LAN`,
            "say which NIC is connected to its LAN: lan: {interface: enp4s0}; or start no hosts there: hosts: 0",
            path,
          ),
        ]
      : []),
    ...(lan !== undefined && count === 0
      ? [finding(`${name} has a LAN and no hosts on it`, "take lan out, or give it hosts", [...path, "lan"])]
      : []),
    ...(lan !== undefined && count > 1 && (lan.kind === "vlan" || lan.kind === "veth")
      ? [
          finding(
            `${count} hosts of ${name} cannot share one ${lan.kind}`,
            `${lan.kind} is for one host: hosts: 1. For several use interface, macvlan or bridge`,
            [...path, "lan"],
          ),
        ]
      : []),
  ];
}

function wanFindings(cpe: CpeEntry, providers: readonly ProviderEntry[], path: Path): Finding[] {
  const names = providers.map(({ name }) => name);
  const wrong = (cpe.wans ?? []).flatMap((wan, index): Finding[] => {
    const at = [...path, "wans", index];
    const provider = providers.find(({ name }) => name === wan);
    if (provider === undefined) {
      const meant = suggest(wan, names);
      const hint = meant === undefined ? `the lab has ${names.join(", ")}` : `did you mean ${meant}?`;
      return [finding(`there is no provider ${wan}`, hint, at)];
    }
    if (isOutside(provider)) return [];
    return [
      finding(
        `${wan} has no link of the machine to ${cpe.name}`,
        `say where ${cpe.name} is connected to it: subscriber: {interface: enp2s0}`,
        at,
      ),
    ];
  });
  if (wrong.length > 0 || providersOfDevice(cpe, providers).length > 0) return wrong;
  return [
    finding(
      `no provider is connected to ${cpe.name}`,
      "give providers a link of the machine that a WAN of it is connected to: subscriber: {interface: enp2s0}",
      [...path, "name"],
    ),
  ];
}
