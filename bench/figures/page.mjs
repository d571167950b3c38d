// What a live page costs on the machine of the lab: everything that computes, but for a browser.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startDashboard } from "../dashboard.mjs";
import { LAB } from "../lab.mjs";
import { figure } from "../numbers.mjs";
import { mhlab } from "../place.mjs";

const PATIENCE_MS = 20_000;
const CALM_MS = 10_000;
const WATCH_MS = 30_000;

/** Cores that the whole machine uses while a page is open, beyond what it uses without; and while the dashboard waits for one. */
export async function measurePage({ file, count, say }) {
  await mhlab(["up", file, "--timeout", "300"]);
  await sleep(PATIENCE_MS);
  const nobody = await cores();
  const dashboard = await startDashboard(LAB);
  try {
    await sleep(CALM_MS);
    const waiting = await cores();
    const page = openPage(dashboard.url);
    await sleep(CALM_MS);
    const own = cpuOf(dashboard.pid);
    const watched = await cores();
    const server = (cpuOf(dashboard.pid) - own) / (WATCH_MS / 1000);
    const heard = await page.close();
    await sleep(CALM_MS);
    const left = await cores();
    // A second look at nobody: what the machine does by itself must not be taken for the page.
    const calm = (nobody + left) / 2;
    say(`${heard} bytes of events; nobody looks ${nobody.toFixed(3)}, afterwards ${left.toFixed(3)} cores`);
    return [
      figure(`CPU of a page open on ${count} providers`, watched - calm, { unit: "core", limit: 0.1 }),
      figure("the dashboard's own part of it", server, { unit: "core" }),
      figure("CPU of a dashboard that nobody looks at", waiting - nobody, { unit: "core", limit: 0.02 }),
    ];
  } finally {
    await dashboard.stop();
  }
}

/** Follows the events as the page does; the one with the token answers with the cookie. */
export function openPage(url) {
  const end = new AbortController();
  let bytes = 0;
  const reading = (async () => {
    const first = await fetch(url, { redirect: "manual", signal: end.signal });
    const cookie = first.headers.getSetCookie().map((one) => one.split(";")[0]);
    const live = await fetch(new URL("/api/live", url), {
      headers: { cookie: cookie.join("; "), accept: "text/event-stream" },
      signal: end.signal,
    });
    if (!live.ok) throw new Error(`/api/live: ${live.status}`);
    for await (const part of live.body) bytes += part.length;
  })();
  reading.catch(() => {});
  return {
    close: async () => {
      if (bytes === 0) throw new Error("the page heard nothing");
      end.abort();
      await reading.catch(() => {});
      return bytes;
    },
  };
}

/** Cores of the whole machine that were busy for some seconds (proc_stat(5), in 1/100 s). */
async function cores() {
  const [busyBefore, allBefore] = machine();
  await sleep(WATCH_MS);
  const [busy, all] = machine();
  const count = readFileSync("/proc/stat", "utf8").match(/^cpu\d+ /gm).length;
  return ((busy - busyBefore) / (all - allBefore)) * count;
}

function machine() {
  const [line] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  const [user, nice, system, idle, wait, irq, soft, steal] = line.split(/\s+/).slice(1).map(Number);
  const busy = user + nice + system + irq + soft;
  return [busy, busy + idle + wait + steal];
}

/** Seconds of CPU that a process has used. */
function cpuOf(pid) {
  const words = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(words[11]) + Number(words[12])) / 100;
}
