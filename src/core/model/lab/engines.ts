/** The Docker engines of a lab that runs on several machines, and which node runs where. */
import type { VxlanLink } from "../links/vxlan.ts";
import { INTERNET_NAME, KEEPER_NAME, stableHash } from "../names.ts";
import type { Lab } from "./model.ts";

/** What a lab file says of engines. */
type Placed = Pick<Lab, "engines" | "internetEngine" | "providers" | "cpes" | "hosts">;

/** The keeper of an engine; undefined: of the only one. */
export function keeperName(engine: string | undefined): string {
  return engine === undefined ? KEEPER_NAME : `${KEEPER_NAME}-${engine}`;
}

/** The engine of every node of a lab, by the node's name; empty where the lab names no engines. */
export function enginesOfNodes({
  engines,
  internetEngine,
  providers,
  cpes,
  hosts,
}: Placed): ReadonlyMap<string, string> {
  const [first] = engines;
  if (first === undefined) return new Map();
  const at = (engine: string | undefined): string => engine ?? first.name;
  return new Map([
    ...engines.map(({ name }): [string, string] => [keeperName(name), name]),
    [INTERNET_NAME, at(internetEngine)],
    ...providers.map(({ name, engine }): [string, string] => [name, at(engine)]),
    ...cpes.flatMap((cpe): [string, string][] =>
      [cpe.name, ...cpe.hosts].map((name) => [name, at(cpe.engine)]),
    ),
    ...hosts.map(({ name, engine }): [string, string] => [name, at(engine)]),
  ]);
}

/** Where a provider reaches the bundled internet: loopback on the same engine, else that engine's address. */
export function internetHost(lab: Placed, provider: string): string {
  const places = enginesOfNodes(lab);
  const there = places.get(INTERNET_NAME);
  if (places.get(provider) === there) return "127.0.0.1";
  return lab.engines.find(({ name }) => name === there)?.address ?? "127.0.0.1";
}

/** How the link of a provider to a CPE on another machine looks from both ends; undefined where they share a machine. */
export function linkBetween(
  lab: Placed,
  { provider, cpe, name }: { readonly provider: string; readonly cpe: string; readonly name: string },
): { readonly bng: VxlanLink; readonly cpe: VxlanLink } | undefined {
  const places = enginesOfNodes(lab);
  const [here, there] = [places.get(provider), places.get(cpe)];
  if (here === there) return undefined;
  const addressOf = (engine: string | undefined): string =>
    lab.engines.find((one) => one.name === engine)?.address ?? "";
  const end = { kind: "vxlan", id: 1 + (stableHash(name) % 0xff_ff_ff) } as const;
  return { bng: { ...end, remote: addressOf(there) }, cpe: { ...end, remote: addressOf(here) } };
}

/** The words of a command line that choose an engine by what a lab file says as its `host`. */
export function engineWords(host: string): string {
  const [kind, context] = host.split(":", 2);
  return kind === "context" ? `--context ${context}` : `--host ${host}`;
}
