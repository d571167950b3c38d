/** The experiments on the page in a real browser, of folders as `mhlab run` writes them. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runRecord } from "../../unit/support/run-record.ts";
import {
  expectOnlyText,
  goTo,
  HOSTILE,
  keepPicture,
  openWindow,
  seriousFaults,
  TellingServer,
  useBrowser,
  type Scheme,
  type Size,
  type Window,
} from "./fixture.ts";
import { begin, provider } from "./told.ts";
import { note, RunsFolder } from "./told-runs.ts";

const LAB = "two-isps";
const PATIENCE = { timeout: 30_000 };

useBrowser();
const servers: TellingServer[] = [];
const windows: Window[] = [];
const folders: RunsFolder[] = [];
afterEach(async () => {
  for (const { context } of windows.splice(0)) await context.close();
  for (const one of servers.splice(0)) await one.close();
  for (const { path } of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

function folder(): RunsFolder {
  const made = new RunsFolder();
  folders.push(made);
  return made;
}

/** Everything at once: running, finished, killed, a series, and a run of another lab. */
function full(): RunsFolder {
  const made = folder();
  made.running("dead-uplink-20261128T120000Z", note(LAB));
  made.finished("failover", { lab: LAB });
  made.killed("killed", note(LAB, { startedAt: "2026-11-20T10:00:00Z", variables: {} }));
  made.series("twenty", ["1-1", "1-2"], { lab: LAB, startedAt: "2026-11-19T10:00:00Z" });
  made.finished("other", { lab: "another-lab" });
  return made;
}

async function show(
  runs: RunsFolder,
  options?: { size?: Size; scheme?: Scheme; lab?: string },
): Promise<Window> {
  const lab = options?.lab ?? LAB;
  const told = await new TellingServer({ runs: runs.path, lab }).listen();
  servers.push(told);
  told.tell(...begin(lab, [provider("alpha")]));
  const window = await openWindow(told.url, options);
  windows.push(window);
  await goTo(window.page, "experiments");
  return window;
}

test.each([
  ["wide", "light"],
  ["wide", "dark"],
  ["narrow", "light"],
  ["narrow", "dark"],
] as const)("%s and %s: a running experiment, finished ones, and none", async (size, scheme) => {
  const { page, complaints } = await show(full(), { size, scheme });
  await page.waitForSelector(".runs tbody tr");
  const faults: Record<string, string[]> = {};
  const look = async (name: string): Promise<void> => {
    await keepPicture(page, `told-experiments-${name}-${size}-${scheme}`, true);
    faults[name] = await seriousFaults(page);
    const beyond = await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(beyond, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  };
  await page.waitForSelector(".run .lane");
  await look("running");
  await page.locator(".runs tr", { hasText: "failover" }).getByRole("button").click();
  await page.waitForSelector(".run .verdicts");
  await look("finished");
  const none = await show(folder(), { size, scheme });
  await none.page.waitForSelector("text=No experiment yet");
  await keepPicture(none.page, `told-experiments-none-${size}-${scheme}`);
  faults["none"] = await seriousFaults(none.page);
  expect(faults).toEqual({ running: [], finished: [], none: [] });
  expect([...complaints, ...none.complaints]).toEqual([]);
});

test("what runs is told as it goes on, and judged when it is over, without a click", async () => {
  const runs = folder();
  runs.running("one", note(LAB));
  const { page } = await show(runs);
  const run = page.locator(".run");
  await run.waitFor();
  const lane = (text: string) => run.locator(".lane", { hasText: text });
  expect(await lane("iperf3").textContent()).toContain("failedit ended with 1: unable to connect");
  expect(await lane("reaches").locator(".chip").textContent()).toBe("running");
  expect(await lane("renumber").locator(".chip").textContent()).toBe("next");
  expect(await lane("mark: over").locator(".chip").textContent()).toBe("planned");
  expect(await lane("upstream-blackhole both").locator(".chip").textContent()).toBe("lasts");
  expect(await run.getByRole("progressbar").getAttribute("value")).toBe("12.3");
  runs.running("one", note(LAB, { nowS: 25 }));
  runs.write("one/touched", "");
  await expect
    .poll(async () => await run.getByRole("progressbar").getAttribute("value"), PATIENCE)
    .toBe("25");
  rmSync(join(runs.path, "one/progress.json"));
  runs.finished("one", { lab: LAB });
  await expect.poll(async () => await run.locator("h2 .chip").textContent(), PATIENCE).toBe("finished");
  const { verdicts } = runRecord({ everyMs: 1000 });
  expect(await run.locator(".verdicts li").count()).toBe(verdicts.length);
});

test("by keyboard alone to a finished run, whose report opens in a window of its own with no rights", async () => {
  const { page, context, complaints } = await show(full());
  await page.waitForSelector(".runs tbody tr");
  const row = page.locator(".runs tr", { hasText: "failover" });
  await row.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => await row.getByRole("button").getAttribute("aria-pressed"), PATIENCE)
    .toBe("true");
  // The run is above the list: who chose it is taken there.
  await expect
    .poll(
      async () => await page.evaluate("document.activeElement?.getAttribute('aria-labelledby')"),
      PATIENCE,
    )
    .toBe("run-title");
  const link = page.locator(".run").getByRole("link", { name: "Report of failover, in a new tab" });
  const opened = context.waitForEvent("page");
  await link.focus();
  await page.keyboard.press("Enter");
  const report = await opened;
  const said: string[] = [];
  report.on("console", (message) => said.push(message.text()));
  await report.waitForSelector("svg");
  expect(new URL(report.url()).pathname).toBe("/api/runs/failover/report");
  expect(await report.evaluate("origin")).toBe("null");
  const asked = await report.evaluate<string>("fetch('/api/status').then(() => 'told', () => 'refused')");
  expect(asked).toBe("refused");
  expect(complaints).toEqual([]);
});

test("a report that somebody else wrote runs none of his scripts", async () => {
  const runs = folder();
  runs.finished("evil", { lab: LAB });
  runs.write("evil/report.html", `<!doctype html><title>evil</title><p id="there">there</p>${HOSTILE}`);
  const { page, context } = await show(runs);
  const opened = context.waitForEvent("page");
  await page.locator(".run").getByRole("link").click();
  const report = await opened;
  await report.waitForSelector("#there");
  expect(await report.title()).toBe("evil");
});

test("hostile text in a run stays text", async () => {
  const runs = folder();
  const { steps, bands, verdicts } = runRecord({ everyMs: 1000 });
  const [step, band, verdict] = [steps[0], bands[0], verdicts[0]];
  if (step === undefined || band === undefined || verdict === undefined) throw new Error("an empty record");
  const scenario = { ...runRecord().scenario, name: HOSTILE, title: HOSTILE };
  runs.finished("evil", {
    lab: HOSTILE,
    scenario,
    variables: { [HOSTILE]: HOSTILE },
    steps: [{ ...step, text: HOSTILE, detail: HOSTILE }],
    bands: [{ ...band, kind: "fault", label: HOSTILE, node: HOSTILE }],
    verdicts: [{ ...verdict, text: HOSTILE, measured: HOSTILE, because: HOSTILE }],
  });
  const window = await show(runs, { lab: HOSTILE });
  await window.page.waitForSelector(".run .verdicts");
  for (const part of ["h2", ".lane .what", ".lane .detail", ".verdicts .said"])
    expect(await window.page.locator(`.run ${part}`).first().textContent()).toContain("onerror");
  await expectOnlyText(window);
});
