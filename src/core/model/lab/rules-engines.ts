/** Where the nodes of a lab run: every engine that is named exists, and nodes that share a link share an engine. */
import type { Finding, Path } from "../yaml/findings.ts";
import { suggest } from "../values/suggest.ts";
import { subscriberOf } from "./defaults.ts";
import { keeperName } from "./engines.ts";
import type { LabFile } from "./schema.ts";

/** Applies them all. */
export function checkEngines(file: LabFile): Finding[] {
  const unknown = [...checkList(file), ...checkNames(file)];
  return unknown.length > 0 ? unknown : [...checkInternet(file), ...checkLinks(file)];
}

function finding(message: string, hint: string, path: Path): Finding {
  return { code: "MHLAB_LAB_ENGINE", message, hint, path };
}

function checkList({ engines = [] }: LabFile): Finding[] {
  return engines.flatMap(({ name, host }, index) => {
    const earlier = engines.slice(0, index);
    const path = ["engines", index];
    return [
      ...(earlier.some((one) => one.name === name)
        ? [finding(`there is already an engine ${name}`, "give one of them another name", [...path, "name"])]
        : []),
      ...earlier
        .filter((one) => one.host === host)
        .map((one) =>
          finding(
            `${one.name} and ${name} are the same engine ${host}`,
            "name each engine once, and let the nodes of both use that name",
            [...path, "host"],
          ),
        ),
    ];
  });
}

/** A place at which the file names an engine. */
interface Mention {
  readonly name: string;
  readonly path: Path;
}

/** All of them. */
function mentions({ internetEngine, providers, cpes = [], hosts = [] }: LabFile): Mention[] {
  return [
    ...(internetEngine === undefined ? [] : [{ name: internetEngine, path: ["internet", "engine"] }]),
    ...mentionsIn("providers", providers),
    ...mentionsIn("cpes", cpes),
    ...mentionsIn("hosts", hosts),
  ];
}

function mentionsIn(key: string, entries: readonly { readonly engine?: string | undefined }[]): Mention[] {
  return entries.flatMap(({ engine }, index) =>
    engine === undefined ? [] : [{ name: engine, path: [key, index, "engine"] }],
  );
}

function checkNames(file: LabFile): Finding[] {
  const names = [...new Set((file.engines ?? []).map(({ name }) => name))];
  const unknown = mentions(file)
    .filter(({ name }) => !names.includes(name))
    .map(({ name, path }) => {
      const meant = suggest(name, names);
      const others =
        names.length === 0
          ? `list it: engines: [{name: ${name}, host: "ssh://${name}"}]`
          : `the lab has ${names.join(", ")}`;
      return finding(
        `there is no engine ${name}`,
        meant === undefined ? others : `did you mean ${meant}?`,
        path,
      );
    });
  const keepers = new Set(names.map(keeperName));
  const taken = file.providers.flatMap(({ name }, index) =>
    keepers.has(name)
      ? [
          finding(
            `the name ${name} is reserved`,
            "the keeper of an engine is called so; choose another name",
            ["providers", index, "name"],
          ),
        ]
      : [],
  );
  return [...unknown, ...taken];
}

/** A provider on another machine reaches the internet by the address of its engine. */
function checkInternet({ engines = [], internet, internetEngine, providers }: LabFile): Finding[] {
  const index = engines.findIndex(({ name }) => name === (internetEngine ?? engines[0]?.name));
  const home = engines[index];
  if (internet !== "bundled" || home === undefined || home.address !== undefined) return [];
  const away = providers.find(({ engine }) => (engine ?? engines[0]?.name) !== home.name);
  return away === undefined
    ? []
    : [
        finding(
          `${away.name} runs on another engine than the internet, and ${home.name} has no address`,
          `say where the other machines reach ${home.name}: address: 192.0.2.11`,
          ["engines", index],
        ),
      ];
}

/** A CPE on another machine than its provider needs addresses of both; a LAN is on one machine. */
function checkLinks({ engines = [], providers, cpes = [], hosts = [] }: LabFile): Finding[] {
  const at = (engine: string | undefined): string | undefined => engine ?? engines[0]?.name;
  const lans = new Map<string, { readonly who: string; readonly engine: string | undefined }>();
  const findings: Finding[] = [];
  const onLan = (lan: string, who: string, engine: string | undefined, path: Path): void => {
    const first = lans.get(lan);
    if (first === undefined) lans.set(lan, { who, engine: at(engine) });
    else if (first.engine !== at(engine))
      findings.push(
        finding(
          `${first.who} and ${who} are on the LAN ${lan}, and on different engines`,
          "a LAN is on one machine: give both the same engine",
          path,
        ),
      );
  };
  for (const [index, provider] of providers.entries()) {
    const subscriber = subscriberOf(provider, cpes);
    if (subscriber?.kind === "lan")
      onLan(subscriber.lan, provider.name, provider.engine, ["providers", index]);
    if (subscriber?.kind !== "cpe") continue;
    const cpe = cpes.find(({ name }) => name === subscriber.cpe);
    if (cpe === undefined || at(cpe.engine) === at(provider.engine)) continue;
    const ends = [at(provider.engine), at(cpe.engine)];
    const [one, other] = ends.map((name) => engines.find((engine) => engine.name === name)?.address);
    const link = `${provider.name} runs on ${ends[0]}, its CPE ${cpe.name} on ${ends[1]}`;
    if (one === undefined || other === undefined)
      findings.push(
        finding(
          `${link}, and ${one === undefined ? ends[0] : ends[1]} has no address for the VXLAN between them`,
          "say where each machine reaches the other: address: 192.0.2.11",
          ["providers", index],
        ),
      );
    else if (one.includes(":") !== other.includes(":"))
      findings.push(
        finding(
          `${link}, and the addresses ${one} and ${other} are of two families`,
          "give both engines an IPv4 address, or both an IPv6 address",
          ["providers", index],
        ),
      );
  }
  for (const [index, { name, lan: link, engine }] of hosts.entries())
    if (link.kind === "lan") onLan(link.lan, name, engine, ["hosts", index]);
  return findings;
}
