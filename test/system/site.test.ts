/** The documentation site as a reader has it: built from the pages, in Debian's Chromium, without a connection to anything else. */
import { createReadStream, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWindow, useBrowser } from "./dashboard/fixture.ts";
import { PROJECT, run } from "./support/sandbox.ts";

const DIST = join(PROJECT, "site/dist");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".png": "image/png",
};

const installed =
  (await run(["node", "scripts/site.mjs", "install"], { cwd: PROJECT, timeoutMs: 200_000, check: false }))
    .code === 0;
if (!installed)
  process.stderr.write("  not run: the documentation site, because npm cannot install VitePress here\n");

describe.runIf(installed)("the documentation site", () => {
  useBrowser();
  let server: Server | undefined;
  let address: string;

  beforeAll(async () => {
    await run(["npm", "run", "docs:site"], { cwd: PROJECT, timeoutMs: 280_000 });
    const listening = createServer(({ url = "/" }, answer) => {
      const path = join(DIST, decodeURIComponent(new URL(url, "http://site").pathname));
      const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "index.html") : path;
      if (!existsSync(file)) return answer.writeHead(404).end();
      answer.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      return createReadStream(file).pipe(answer);
    });
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    server = listening;
  });
  afterAll(() => server?.close());

  test("its navigation is the map in docs/README.md", async () => {
    const { page, complaints, requests } = await openWindow(`${address}/docs/`);
    const map = readFileSync(join(PROJECT, "docs/README.md"), "utf8");
    const goals = [...map.matchAll(/^## (.+)$/gm)].map(([, goal]) => goal);
    expect(await page.locator(".VPSidebar h2").allInnerTexts()).toEqual(goals);
    const links = [...map.matchAll(/^- \[([^\]]+)\]/gm)].map(([, text]) => text);
    expect(await page.locator(".VPSidebar a").allInnerTexts()).toEqual(links);
    await page.locator(".VPSidebar a", { hasText: "Fault catalogue" }).click();
    await page.locator("h1", { hasText: "Fault catalogue" }).waitFor();
    // Anchors are those of a forge.
    await page.goto(`${address}/docs/errors.html#mhlab_no_engine`);
    await page.locator("#mhlab_no_engine").waitFor();
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(address))).toEqual([]);
  });

  test("the search finds a word, without a server", async () => {
    const { page, requests, complaints } = await openWindow(`${address}/`);
    await page.locator("#local-search button, button.DocSearch").first().click();
    await page.locator("input[type=search], input.search-input").fill("gilbert");
    const found = page.locator(".VPLocalSearchBox .result").first();
    await found.waitFor();
    expect(await found.innerText()).toMatch(/line-loss|Access link/);
    await found.click();
    await page.waitForURL(/fault-catalogue|line/);
    expect(requests.filter((url) => !url.startsWith(address))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each(["light", "dark"] as const)("it follows the system's colours: %s", async (scheme) => {
    const { page } = await openWindow(`${address}/docs/install.html`, { scheme });
    const colour = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const bright = Number(/\d+/.exec(colour)?.[0]) > 127;
    expect(bright).toBe(scheme === "light");
  });

  test("every page of the map fits into 390 pixels", async () => {
    const { page } = await openWindow(`${address}/docs/`, { size: "narrow" });
    const links = await page.evaluate<string[]>(
      `[...document.querySelectorAll("main a[href$='.html'], main a[href$='/']")].map(({ href }) => href)`,
    );
    expect(links.length).toBeGreaterThan(30);
    for (const link of new Set(links)) {
      await page.goto(link);
      await page.locator("main h1").first().waitFor();
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect([link, width]).toEqual([link, 390]);
    }
  }, 300_000);

  test("a dead link fails the build", async () => {
    const page = join(PROJECT, "site/pages/dead.md");
    writeFileSync(page, "# Dead\n\n[Nowhere](no-such-page.md)\n");
    try {
      const { code, stdout, stderr } = await run(
        ["node_modules/.bin/vitepress", "build", ".", "--outDir", "pages/out"],
        { cwd: join(PROJECT, "site"), timeoutMs: 280_000, check: false },
      );
      expect(code).not.toBe(0);
      expect(`${stdout}${stderr}`).toContain("no-such-page");
    } finally {
      rmSync(page);
    }
  }, 300_000);
});
