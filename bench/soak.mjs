// Lease churn, restarts and up/down in a loop: memory, processes, file descriptors and disk end where they were. Then two pages, random faults and random attacks.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { FOLDER, nodes, mhlab, run } from "./place.mjs";
import { difference, footprint } from "./soak/footprint.mjs";
import { twoPages } from "./soak/pages.mjs";
import { randomAttacks, randomFaults } from "./soak/random.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    keep: { type: "boolean", default: false },
    faults: { type: "string", default: "100" },
    attacks: { type: "string", default: "100" },
    pages: { type: "string", default: "10" },
  },
});
const STEADY = "soak-steady";
const PASSING = "soak-passing";
const SETTLE_MS = 15_000;
/** The first rounds fill caches of the engine and of the agents. */
const WARM_ROUNDS = 2;
const say = (text) => process.stderr.write(`  ${text}\n`);

const files = Object.fromEntries([STEADY, PASSING].map((lab, index) => [lab, writeLab(lab, index)]));

function writeLab(lab, index) {
  const file = join(FOLDER, `${lab}.yaml`);
  const provider = (name, digit) =>
    `  - {name: ${name}, prefix: "2001:db8:${index}${digit}::/48", subscriber: {cpe: home${index}}}`;
  const cpes = `cpes:\n  - {name: home${index}, hosts: 1}`;
  const providers = [provider(`one${index}`, "a"), provider(`two${index}`, "b")].join("\n");
  writeFileSync(file, `name: ${lab}\ninternet: bundled\nproviders:\n${providers}\n${cpes}\n`);
  return file;
}

/** What happens to a lab in one round; every step ends in a healthy lab again. */
async function round() {
  await mhlab(["up", files[PASSING]]);
  const steady = await nodes(STEADY);
  // A router that renews, one that is plugged out and in, and one that starts anew.
  const home = steady.get("home0");
  for (let time = 0; time < 10; time++) await run(["docker", "exec", home, "agent", "resync"]);
  await run(["docker", "restart", home]);
  await mhlab(["up", files[STEADY]]);
  for (const name of ["one0", "internet"]) {
    await run(["docker", "restart", steady.get(name)]);
    await mhlab(["up", files[STEADY]]);
  }
  // Daemons that die come back.
  await run(["docker", "exec", steady.get("two0"), "pkill", "-x", "bird"], { fails: true });
  await mhlab(["down", PASSING]);
  await mhlab(["status", STEADY, "--json"], { fails: true });
}

let before;
let rounds = 0;
let problems = [];
if (Number(values.minutes) > 0) await churn();
problems.push(...(await randomFaults(Number(values.faults))));
problems.push(...(await randomAttacks(Number(values.attacks))));
for (const problem of problems) console.log(problem);
console.log(
  problems.length === 0
    ? `${rounds} rounds, ${values.faults} random faults and ${values.attacks} mixes of attacks left nothing behind`
    : `${problems.length} are not as before`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Rounds for as long as was asked for, then two pages. */
async function churn() {
  try {
    await mhlab(["sandbox", "start"]);
    await mhlab(["image", "build"]);
    await mhlab(["up", files[STEADY]]);
    const begun = performance.now();
    for (;;) {
      await round();
      rounds += 1;
      if (rounds === WARM_ROUNDS) {
        await sleep(SETTLE_MS);
        before = await footprint();
      }
      const minutes = (performance.now() - begun) / 60_000;
      say(`${rounds} rounds in ${minutes.toFixed(1)} minutes`);
      if (rounds > WARM_ROUNDS && minutes >= Number(values.minutes)) break;
    }
    await sleep(SETTLE_MS);
    const after = await footprint();
    problems = difference(before, after, say);
    if (Number(values.pages) > 0)
      problems.push(...(await twoPages(STEADY, "one0", Number(values.pages), say)));
  } finally {
    if (!values.keep) {
      for (const lab of [STEADY, PASSING]) await mhlab(["down", lab, "--purge"], { fails: true });
      await mhlab(["sandbox", "stop"], { fails: true });
      rmSync(FOLDER, { recursive: true, force: true });
    }
  }
}
