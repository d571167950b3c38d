// Compares builds of mhlab that differ in one thing, in turn, so that a busy machine slows them alike:
//   npm run bench -- compare --providers 20 --rounds 5 . /tmp/without-the-runner
// Each folder is a clone that is built. Prints medians, and what each is of the first.
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startDashboard } from "./dashboard.mjs";
import { cpuSeconds, pssMiB } from "./figures/idle.mjs";
import { openPage } from "./figures/page.mjs";
import { LAB, writeLab } from "./lab.mjs";
import { median } from "./numbers.mjs";
import { nodes, run, timed } from "./place.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    providers: { type: "string", default: "20" },
    rounds: { type: "string", default: "5" },
    page: { type: "boolean", default: false },
  },
});
const folders = positionals.map((folder) => resolve(folder));
const file = writeLab(Number(values.providers));
const STATUSES = 3;
const PAUSE_MS = 2000;
const PAGE_MS = 20_000;

/** Samples of each measure by folder. */
const samples = new Map(folders.map((folder) => [folder, new Map()]));
const mhlabOf = (folder) => (words) => run([process.execPath, join(folder, "bin/mhlab.js"), ...words]);

async function measure(folder) {
  const mhlab = mhlabOf(folder);
  const note = (what, value) => {
    const all = samples.get(folder);
    all.set(what, [...(all.get(what) ?? []), value]);
  };
  note("up, s", await timed(() => mhlab(["up", file, "--timeout", "300"])));
  const ids = [...(await nodes(LAB)).values()];
  const cpu = async () => {
    let used = 0;
    for (const id of ids) used += await cpuSeconds(id);
    return used;
  };
  const started = await cpu();
  note("CPU in containers until ready, s", started);
  await sleep(PAUSE_MS);
  const rested = await cpu();
  for (let round = 0; round < STATUSES; round++)
    note("status, s", await timed(() => mhlab(["status", LAB, "--json"])));
  note("CPU in containers of a status, s", ((await cpu()) - rested) / STATUSES);
  if (values.page) {
    const dashboard = await startDashboard(LAB, folder);
    const page = openPage(dashboard.url);
    await sleep(PAUSE_MS);
    const before = await cpu();
    await sleep(PAGE_MS);
    note("CPU in containers of an open page, cores", ((await cpu()) - before) / (PAGE_MS / 1000));
    await page.close();
    await dashboard.stop();
  }
  note("PSS of a container, MiB", median(await Promise.all(ids.slice(0, 5).map(pssMiB))));
  await mhlab(["down", LAB]);
  await sleep(PAUSE_MS);
}

await mhlabOf(folders[0])(["sandbox", "start"]);
for (const folder of folders) await mhlabOf(folder)(["image", "build", "bng", "internet"]);
for (let round = 0; round < Number(values.rounds); round++) {
  // Another one is the first in each round.
  const turn = round % folders.length;
  for (const folder of [...folders.slice(turn), ...folders.slice(0, turn)]) await measure(folder);
}

const [first] = folders;
for (const what of samples.get(first).keys()) {
  console.log(what);
  const base = median(samples.get(first).get(what));
  for (const folder of folders) {
    const all = samples.get(folder).get(what);
    const each = all.map((one) => one.toPrecision(3)).join(" ");
    console.log(`  ${(median(all) / base).toFixed(3)}  ${median(all).toPrecision(3)}  ${folder}  (${each})`);
  }
}
