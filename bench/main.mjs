// Measures what mhlab promises, prints a table, writes results/latest.json. Exit code 1 when a target is not met.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureHelp, measureStatus } from "./figures/commands.mjs";
import { measureDelegation } from "./figures/delegation.mjs";
import { measureClone } from "./figures/clone.mjs";
import { measureFleet } from "./figures/fleet.mjs";
import { measureIdle } from "./figures/idle.mjs";
import { measureLeases } from "./figures/leases.mjs";
import { measureProbes } from "./figures/probes.mjs";
import { measurePage } from "./figures/page.mjs";
import { measureSessions } from "./figures/sessions.mjs";
import { measureThroughput } from "./figures/throughput.mjs";
import { measureUp } from "./figures/up.mjs";
import { LAB, writeLab } from "./lab.mjs";
import { FOLDER, PROJECT, mhlab } from "./place.mjs";

const { values } = parseArgs({
  options: {
    providers: { type: "string", default: "20" },
    rounds: { type: "string", default: "3" },
    keep: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const count = Number(values.providers);
const MANY = 100;
const PAGE = 50;
const rounds = Number(values.rounds);
const say = (text) => process.stderr.write(`  ${text}\n`);
const load = () => loadavg()[0].toFixed(1);

const results = [];
async function step(what, measure, options = {}) {
  say(`${what} (load ${load()})`);
  const begun = load();
  const number = options.count ?? count;
  // One that cannot be measured takes none of the others along.
  const measured = await measure({ file: writeLab(number), count: number, rounds, say, ...options }).catch(
    (error) => [
      { name: what, value: "not measured", unit: "", met: false, note: error.message.split("\n")[0] },
    ],
  );
  for (const one of measured) results.push({ ...one, load: `${begun} to ${load()}` });
}

const MANY_LIMITS = { compose: 0.7, fewer: { count, limit: 5 } };
/** In this order: a BNG that has delegated something is not idle any more. `long` ones are left to `--all` and `--only`. */
const STEPS = {
  help: ["mhlab --help against an empty Node", measureHelp],
  up: [
    `mhlab up of ${count} providers against docker compose, ${rounds} rounds`,
    measureUp,
    { limits: { compose: 1, cpu: 5 } },
  ],
  status: ["mhlab status", measureStatus],
  idle: ["80 seconds of idling", measureIdle],
  delegation: ["a CPE that is plugged in now", measureDelegation],
  probes: ["a host that probes from fifty addresses", measureProbes],
  sessions: ["the sessions of a BNG tester", measureSessions],
  fleet: ["a thousand customers who are renumbered, and one beside them", measureFleet],
  leases: ["thousands of customers", measureLeases, { long: true }],
  throughput: ["a host behind the CPE against the tunnel alone", measureThroughput, { long: true }],
  "up-many": [
    `mhlab up of ${MANY} providers`,
    measureUp,
    { count: MANY, rounds: 1, limits: MANY_LIMITS, long: true },
  ],
  "status-many": [
    `mhlab status of ${MANY}`,
    measureStatus,
    { count: MANY, statusLimit: 0.5, calmMs: 45_000, long: true },
  ],
  page: [`a live page on ${PAGE} providers`, measurePage, { count: PAGE, long: true }],
  clone: ["from a fresh clone to a healthy lab", measureClone, { long: true }],
};
/** These leave the lab up for those that come after them, and the others do without. */
const ON_THE_LAB = new Set(["up", "status", "idle", "delegation", "up-many", "status-many"]);
const only = values.only?.split(",");
const unknown = only?.filter((name) => !Object.hasOwn(STEPS, name)) ?? [];
if (unknown.length > 0) {
  say(`there is no figure ${unknown.join(", ")}; there are ${Object.keys(STEPS).join(", ")}`);
  process.exit(2);
}
const wanted = Object.entries(STEPS).filter(([name, [, , options]]) =>
  only === undefined ? values.all || options?.long !== true : only.includes(name),
);

try {
  say("starting the sandbox, building images");
  await mhlab(["sandbox", "start"]);
  await mhlab(["image", "build"]);
  await mhlab(["down", "--all"], { fails: true });
  /** Providers of the lab that is up. */
  let standing = 0;
  for (const [name, [what, measure, options]] of wanted) {
    const number = ON_THE_LAB.has(name) ? (options?.count ?? count) : 0;
    if (number === 0) await mhlab(["down", LAB, "--purge"], { fails: true });
    else if (measure !== measureUp && standing !== number)
      await mhlab(["up", writeLab(number), "--timeout", "300"]);
    await step(what, measure, options);
    standing = number;
  }
} finally {
  if (!values.keep) {
    await mhlab(["down", LAB, "--purge"], { fails: true });
    await mhlab(["sandbox", "stop"], { fails: true });
    rmSync(FOLDER, { recursive: true, force: true });
  }
}

const width = Math.max(...results.map(({ name }) => name.length));
for (const { name, value, unit, limit, reach, met, note } of results) {
  const target =
    limit !== undefined ? `at most ${limit} ${unit}` : reach !== undefined ? `at least ${reach} ${unit}` : "";
  const verdict = met === undefined ? "" : met ? "met" : "NOT MET";
  const cells = [name.padEnd(width), `${value} ${unit}`.padStart(10), target.padEnd(15), verdict.padEnd(8)];
  console.log([...cells, note ?? ""].join("  ").trimEnd());
}
mkdirSync(join(PROJECT, "bench/results"), { recursive: true });
const report = { at: new Date().toISOString(), node: process.version, cpus: cpus().length, results };
writeFileSync(join(PROJECT, "bench/results/latest.json"), `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = results.some(({ met }) => met === false) ? 1 : 0;
