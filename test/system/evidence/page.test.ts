/** The report in a real browser: one file, nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { reportPage } from "../../../src/features/report/page.ts";
import { runRecord } from "../../unit/support/run-record.ts";
import {
  keepPicture,
  openWindow,
  seriousFaults,
  useBrowser,
  type Scheme,
  type Size,
  type Window,
} from "../dashboard/fixture.ts";

useBrowser();
const folder = mkdtempSync(join(tmpdir(), "mhlab-report-"));
const windows: Window[] = [];

beforeAll(() => {
  const noticed = [2.8, 3.1, 3.2, 3.9, 4.4, 5.6, 3.3];
  const several = noticed.flatMap((noticedS, seed) =>
    ["bundled", "networkd"].map((cpe, index) =>
      runRecord({ seed, everyMs: 1000, noticedS: noticedS / (index + 1), variables: { cpe } }),
    ),
  );
  const pages = {
    run: reportPage([runRecord()]),
    compared: reportPage(several),
    long: reportPage([runRecord({ everyMs: 20, durationS: 300 })]),
  };
  for (const [name, page] of Object.entries(pages)) writeFileSync(join(folder, `${name}.html`), page);
});
afterEach(async () => {
  for (const { context } of windows.splice(0)) await context.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function show(name: string, options?: { size?: Size; scheme?: Scheme }): Promise<Window> {
  const window = await openWindow(`file://${folder}/${name}.html`, options);
  windows.push(window);
  return window;
}

const SHOWN = ["run", "compared", "long"].flatMap((name) =>
  (["wide", "narrow"] as const).flatMap((size) =>
    (["light", "dark"] as const).map((scheme) => [name, size, scheme] as const),
  ),
);

test("printed: each page with a track has the axis above it, and settings come after everything else", async () => {
  const { page } = await show("run");
  await page.pdf({ path: join(folder, "run.pdf"), format: "A4" });
  const { stdout } = await execa("pdftotext", ["-layout", join(folder, "run.pdf"), "-"]);
  const pages = stdout.split("\f");
  const tracks = pages.filter((text) => text.includes("unanswered ("));
  expect(tracks.length).toBeGreaterThan(1);
  for (const text of tracks) {
    expect(text).toContain("seconds since t=0");
    expect(text.indexOf("seconds since t=0")).toBeLessThan(text.indexOf("unanswered ("));
  }
  const pageOf = (words: string): number => pages.findIndex((text) => text.includes(words));
  const order = ["Verdicts", "Timeline", "Figures", "To repeat it", "Appendix", "Kernel settings"].map(
    pageOf,
  );
  expect(order).toEqual(order.toSorted((one, other) => one - other));
  expect(pageOf("To repeat it")).toBeLessThan(pageOf("With what it ran\n"));
  expect(pages[pageOf("Appendix")]?.trimStart()).toMatch(/^Appendix/);
});

test.each(SHOWN)("%s, %s and %s: asks for nothing, and everybody can read it", async (name, size, scheme) => {
  const { page, complaints, requests } = await show(name, { size, scheme });
  await page.waitForSelector("footer");
  await keepPicture(page, `report-${name}-${size}-${scheme}`, true);
  const beyond = await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  expect(beyond, "wider than the window").toBeLessThanOrEqual(0);
  expect(await seriousFaults(page)).toEqual([]);
  expect(requests).toEqual([`file://${folder}/${name}.html`]);
  expect(complaints).toEqual([]);
});

test("its own policy keeps out what is not its own", async () => {
  const { page, complaints } = await show("run");
  await page.evaluate(`
    document.body.insertAdjacentHTML("beforeend", '<p id="styled" style="position: fixed">x</p>');
    const script = document.createElement("script");
    script.textContent = "document.title = 'pwned'";
    document.body.append(script);
  `);
  expect(await page.title()).toBe("silent-upstream: mhlab experiment");
  expect(await page.evaluate("getComputedStyle(document.getElementById('styled')).position")).toBe("static");
  expect(complaints.length).toBeGreaterThan(1);
});

test("a time in a verdict leads to its place on the timeline", async () => {
  const { page } = await show("run");
  const shown = (): Promise<string> =>
    page.evaluate("getComputedStyle(document.querySelector('#at-6-2 line')).opacity");
  expect(await shown()).toBe("0");
  await page.locator('a[href="#at-6-2"]').click();
  expect(await shown()).toBe("1");
  const [line, all] = await Promise.all([
    page.locator("#at-6-2 line").boundingBox(),
    page.locator(".backdrop").boundingBox(),
  ]);
  if (line === null || all === null) throw new Error("no timeline");
  // 84 of 90 seconds.
  expect((line.x + line.width / 2 - all.x) / all.width).toBeCloseTo(84 / 90, 2);
});

test("the pointer's line says when that is", async () => {
  const { page } = await show("run");
  const track = page.locator(".row.track .plot").first();
  await track.scrollIntoViewIfNeeded();
  const box = await track.boundingBox();
  if (box === null) throw new Error("no timeline");
  await page.mouse.move(box.x + box.width / 3, box.y + 20);
  expect(await page.locator(".cross text").textContent()).toMatch(/^(29\.9|30\.0)\d s$/);
});

test("in print it is light, and has what is folded away on a screen", async () => {
  const { page } = await show("run", { scheme: "dark" });
  const background = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const scenario = page.locator('pre[aria-label="Scenario"]');
  expect(await background()).not.toBe("rgb(255, 255, 255)");
  expect(await scenario.isVisible()).toBe(false);
  await page.emulateMedia({ media: "print" });
  expect(await background()).toBe("rgb(255, 255, 255)");
  expect(await scenario.isVisible()).toBe(true);
  await page.setViewportSize({ width: 794, height: 1123 });
  await keepPicture(page, "report-print", true);
  const pdf = await page.pdf({ format: "A4" });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(2);
  expect(pages).toBeLessThan(12);
});
