// The second computation of a run's results, from the packets in its folder. `node verify.mjs FOLDER…` prints what disagrees.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { checkLeaks } from "./check-leaks.mjs";
import { checkProbes } from "./check-probes.mjs";
import { checkStates } from "./check-states.mjs";
import { rowsOf } from "./csv.mjs";
import { packetsOf } from "./packets.mjs";

/** Outages, loss, leaks and states of addresses of a run's folder: what was compared, and what is not the same. */
export function verify(folder) {
  const run = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  const lab = parse(readFileSync(join(folder, "lab.yaml"), "utf8"));
  const record = {
    ...run,
    cpes: (lab.cpes ?? []).map((cpe) => (typeof cpe === "string" ? cpe : cpe.name)),
    sources: JSON.parse(readFileSync(join(folder, "result.json"), "utf8")).sources,
    probes: rowsOf(join(folder, "probes.csv")),
    facts: rowsOf(join(folder, "facts.csv")),
    packets: packetsOf(folder, BigInt(run.startedNs)),
  };
  const parts = [checkProbes(record), checkLeaks(record), checkStates(record)];
  return {
    checked: Object.assign({}, ...parts.map(({ checked }) => checked)),
    differences: parts.flatMap(({ differences }) => differences),
  };
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? "")).href) {
  for (const folder of process.argv.slice(2)) {
    const { checked, differences } = verify(folder);
    process.stdout.write(`${folder}: ${differences.length} differences, ${JSON.stringify(checked)}\n`);
    for (const one of differences) process.stdout.write(`  ${one}\n`);
    if (differences.length > 0) process.exitCode = 1;
  }
}
