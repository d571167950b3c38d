// Two pages that are left open on a lab in which something happens all the time: neither they nor their server grow.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { startDashboard } from "../dashboard.mjs";
import { mhlab } from "../place.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
/** Until then a page loads its parts, and its history fills. */
const WARM_MS = 120_000;
const STEP_MS = 10_000;
/** What an hour's history of plots and log may still add, in MiB; a leak of events is more in ten minutes. */
const PAGE_MIB = 4;
const SERVER_MIB = 16;

/** Sentences for what grew between the second minute and the last; a lab of this name runs, with a provider of that name. */
export async function twoPages(lab, provider, minutes, say) {
  const dashboard = await startDashboard(lab);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  try {
    const pages = await Promise.all([dashboard.url, dashboard.url].map((url) => open(browser, url)));
    const begun = performance.now();
    let before;
    for (let time = 0; ; time++) {
      await sleep(STEP_MS);
      await mhlab(["fault", "inject", "upstream-blackhole", provider, "--lab", lab, "--for", "4s"]);
      const pastMs = performance.now() - begun;
      if (before === undefined && pastMs >= WARM_MS) before = await sizes(pages, dashboard.pid);
      if (pastMs >= minutes * 60_000 && before !== undefined) break;
    }
    const after = await sizes(pages, dashboard.pid);
    say(`two pages, ${minutes} minutes: ${texts(before)} -> ${texts(after)}`);
    return [
      ...after.pages.flatMap((size, index) =>
        size > before.pages[index] + PAGE_MIB
          ? [`page ${index + 1}: ${before.pages[index]} MiB before, ${size} after`]
          : [],
      ),
      ...(after.server > before.server + SERVER_MIB
        ? [`the dashboard: ${before.server} MiB before, ${after.server} after`]
        : []),
    ];
  } finally {
    await browser.close();
    await dashboard.stop();
  }
}

async function open(browser, url) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await page.waitForSelector("nav a");
  return page;
}

async function sizes(pages, pid) {
  const [, pss] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return { pages: await Promise.all(pages.map(heapMiB)), server: mib(Number(pss) * 1024) };
}

/** What a page holds after its garbage was collected. */
async function heapMiB(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return mib(usedSize);
}

function mib(bytes) {
  return Number((bytes / 2 ** 20).toFixed(1));
}

function texts({ pages, server }) {
  return `${pages.join(" and ")} MiB, the dashboard ${server} MiB`;
}
