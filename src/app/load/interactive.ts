import type { LoadSample } from "../../core/judge/experiment/record.ts";
import { loadRecord } from "../../core/judge/load/registry.ts";
import { writeTable } from "../../core/judge/evidence/columns.ts";
import { LOADS } from "../../core/judge/evidence/tables.ts";
import type { SeenNode } from "../agents/node.ts";
import type { RunFolders } from "../ports/run-folder.ts";
import { runLoad, type AskedLoad, type LoadDone } from "./run-load.ts";

/** Of servers of loads that are asked for by hand; those of runs are below. */
const PORTS = { first: 5600, count: 400 } as const;

export interface LoadByHand {
  readonly nodes: readonly SeenNode[];
  readonly folders: RunFolders;
  /** A folder for the tool's output and what was measured; undefined: neither is kept. */
  readonly out: string | undefined;
  readonly onSamples: (samples: readonly LoadSample[]) => void;
  readonly signal: AbortSignal;
}

/** Makes one load outside of a run, as \`mhlab load\` does. Rejects as runLoad does, and for a folder that cannot be written. */
export async function loadByHand(
  asked: AskedLoad,
  { nodes, folders, out, onSamples, signal }: LoadByHand,
): Promise<LoadDone & { readonly samples: readonly LoadSample[] }> {
  const broken = new AbortController();
  const folder = out === undefined ? undefined : await folders.make(out, (error) => broken.abort(error));
  const file = folder?.grow(`${asked.kind}.${loadRecord(asked.kind).extension}`);
  const begunMs = performance.now();
  const begunNs = BigInt(Math.round((performance.timeOrigin + begunMs) * 1000)) * 1000n;
  const samples: LoadSample[] = [];
  let whole = false;
  try {
    const done = await runLoad(asked, {
      nodes,
      port: PORTS.first + Math.floor(Math.random() * PORTS.count),
      clock: { sinceStart: (wallNs) => Number(wallNs - begunNs) / 1e9 },
      nowS: () => (performance.now() - begunMs) / 1000,
      onOutput: (piece) => file?.write(piece),
      onSamples(some) {
        for (const sample of some) samples.push(sample);
        onSamples(some);
      },
      signal: AbortSignal.any([signal, broken.signal]),
    });
    whole = done.outcome === "done";
    return { ...done, samples };
  } finally {
    file?.close({ whole });
    folder?.write(LOADS.path, writeTable(LOADS, samples));
    await folder?.seal();
  }
}
