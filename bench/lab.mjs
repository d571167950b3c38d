// The lab of the bench: the bundled internet and many providers, each with a free subscriber port.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FOLDER } from "./place.mjs";

export const LAB = "bench";

/** Name and subscriber port of each provider. */
export function providers(count) {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, "0");
    return { name: `p${number}`, port: `bench-${number}`, prefix: `2001:db8:1${number}::/48` };
  });
}

/** Writes the lab file and returns its path. */
export function writeLab(count) {
  const lines = [`name: ${LAB}`, "internet: bundled", "providers:"];
  for (const { name, port, prefix } of providers(count)) {
    lines.push(`  - name: ${name}`, `    prefix: ${prefix}`, `    subscriber: {veth: ${port}}`);
  }
  const file = join(FOLDER, "lab.yaml");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
