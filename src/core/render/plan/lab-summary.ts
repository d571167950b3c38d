import { Label } from "../../model/names.ts";
import { labContainersOf } from "./labels.ts";
import type { FoundContainer, LabContainer } from "../nodes/observed.ts";

/** A lab in one line. */
export interface LabSummary {
  readonly lab: string;
  /** `partly`: some containers run. `keys`: there is no container on this engine, only keys on this machine. */
  readonly state: "running" | "partly" | "stopped" | "keys";
  /** The file that it was last started from; null when that is not known. */
  readonly file: string | null;
  /** When its oldest container was made, in seconds since 1970. */
  readonly sinceS: number | null;
  readonly containers: number;
  readonly running: number;
  /** Whether this machine has keys of it. */
  readonly keys: boolean;
}

/** Every lab of an engine, and those of which only keys are left, by name. */
export function summariseLabs(found: readonly FoundContainer[], withKeys: readonly string[]): LabSummary[] {
  const nodes = labContainersOf(found);
  const names = new Set([...nodes.map(({ lab }) => lab), ...withKeys]);
  return [...names].sort().map((lab) => {
    const own = nodes.filter((node) => node.lab === lab);
    const running = own.filter(({ state }) => state === "running").length;
    return {
      lab,
      state: stateOf(own.length, running),
      file: startedFrom(own) ?? null,
      sinceS: sinceS(own),
      containers: own.length,
      running,
      keys: withKeys.includes(lab),
    };
  });
}

/** The file that a lab was last started from: the newest container knows it. */
function startedFrom(nodes: readonly LabContainer[]): string | undefined {
  const newest = [...nodes].sort((one, other) => (other.createdS ?? 0) - (one.createdS ?? 0))[0];
  return newest?.labels[Label.labFile];
}

/**
 * The file of a lab when that is another than the one given; both are absolute paths, compared as text, because the
 * engine may be another machine's. Older versions noted relative paths, which tell nothing.
 */
export function otherFile(nodes: readonly LabContainer[], file: string): string | undefined {
  const before = startedFrom(nodes);
  return before === undefined || before === file || !before.startsWith("/") ? undefined : before;
}

function stateOf(containers: number, running: number): LabSummary["state"] {
  if (containers === 0) return "keys";
  if (running === 0) return "stopped";
  return running === containers ? "running" : "partly";
}

function sinceS(nodes: readonly LabContainer[]): number | null {
  const made = nodes.flatMap(({ createdS }) => createdS ?? []);
  return made.length === 0 ? null : Math.min(...made);
}
