// What a BNG costs that has nothing to do.
import { setTimeout as sleep } from "node:timers/promises";
import { LAB, providers } from "../lab.mjs";
import { figure, median } from "../numbers.mjs";
import { docker, nodes, mhlab } from "../place.mjs";

/** The first health check is done by then; the next comes five minutes later. */
const CALM_MS = 40_000;
const WATCH_MS = 60_000;

/** PSS of all processes of a BNG, and CPU time that each uses in a minute. */
export async function measureIdle({ count }) {
  await sleep(CALM_MS);
  const all = await nodes(LAB);
  const bngs = providers(count).map(({ name }) => all.get(name));
  const before = await Promise.all(bngs.map(cpuSeconds));
  await sleep(WATCH_MS);
  const after = await Promise.all(bngs.map(cpuSeconds));
  const cpu = after.map((seconds, index) => seconds - before[index]);
  const pss = await Promise.all(bngs.map(pssMiB));
  return [
    figure("memory of one idle BNG among them (PSS)", median(pss), { unit: "MiB", limit: 60 }),
    figure("CPU of one idle BNG in a minute", median(cpu), {
      unit: "s",
      limit: 0.06,
    }),
  ];
}

export async function cpuSeconds(id) {
  const stats = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
  return stats.cpu_stats.cpu_usage.total_usage / 1e9;
}

export async function pssMiB(id) {
  const { Processes } = await docker.getContainer(id).top({ ps_args: "-eo pid" });
  const files = Processes.map(([pid]) => `/proc/${pid}/smaps_rollup`);
  const { stdout } = await mhlab(["sandbox", "exec", "--", "cat", ...files], { fails: true });
  const sizes = [...stdout.matchAll(/^Pss:\s+(\d+) kB/gm)].map(([, size]) => Number(size));
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}
