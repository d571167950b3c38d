/** Labels by which a lab on several engines is found from any of them. */
import type { LabEngine } from "../../model/lab/model.ts";
import { Label } from "../../model/names.ts";
import type { FoundContainer } from "../nodes/observed.ts";
import { labContainersOf } from "./labels.ts";

/** The labels of a container: its engine, and all engines of its lab. */
export function engineLabels(
  engine: string,
  engines: readonly LabEngine[],
): Readonly<Record<string, string>> {
  const known = engines.map(({ name, host }) => ({ name, host }));
  return { [Label.engine]: engine, [Label.engines]: JSON.stringify(known) };
}

/** An engine that a lab names in a label. */
export interface LabelledEngine extends LabEngine {
  readonly lab: string;
  /** Whether one of the containers runs there. */
  readonly seen: boolean;
}

/** The engines that the labels of containers name, once for each lab; a label that cannot be read names none. */
export function enginesNamedBy(containers: readonly FoundContainer[]): LabelledEngine[] {
  const marked = labContainersOf(containers);
  const named = marked.flatMap(({ lab, labels }) =>
    readEngines(labels[Label.engines] ?? "").map((engine) => ({ lab, ...engine })),
  );
  const once = new Map(named.map((engine) => [`${engine.lab} ${engine.name} ${engine.host}`, engine]));
  const places = new Set(marked.map(({ lab, labels }) => `${lab} ${labels[Label.engine] ?? ""}`));
  return [...once.values()].map((engine) => ({
    ...engine,
    seen: places.has(`${engine.lab} ${engine.name}`),
  }));
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
