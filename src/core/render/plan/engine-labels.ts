/** Labels by which a lab on several engines is found from any of them. */
import type { LabEngine } from "../../model/lab/model.ts";
import { Label } from "../../model/names.ts";
import type { FoundContainer } from "../nodes/observed.ts";

/** The labels of a container: its engine, and all engines of its lab. */
export function engineLabels(
  engine: string,
  engines: readonly LabEngine[],
): Readonly<Record<string, string>> {
  const known = engines.map(({ name, host }) => ({ name, host }));
  return { [Label.engine]: engine, [Label.engines]: JSON.stringify(known) };
}

/** Where engines answer that the labels of containers name; a label that cannot be read names none. */
export function enginesNamedBy(containers: readonly FoundContainer[]): ReadonlyMap<string, string> {
  const texts = new Set(containers.flatMap(({ labels }) => labels[Label.engines] ?? []));
  return new Map([...texts].flatMap(readEngines).map(({ host, name }) => [host, name]));
}

function readEngines(text: string): { readonly name: string; readonly host: string }[] {
  try {
    const found: unknown = JSON.parse(text);
    if (!Array.isArray(found)) return [];
    return (found as Partial<Record<string, unknown>>[]).flatMap((one) =>
      typeof one?.["name"] === "string" && typeof one["host"] === "string"
        ? [{ name: one["name"], host: one["host"] }]
        : [],
    );
  } catch {
    return [];
  }
}
