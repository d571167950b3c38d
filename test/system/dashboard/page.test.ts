/** The page in a real browser, told of labs that are too big, too broken or too evil to be made. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import type { LiveMessage } from "../../../src/core/judge/live/message.ts";
import type { ProviderStatus } from "../../../src/core/model/status/model.ts";
import { PROJECT } from "../support/sandbox.ts";
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
import { begin, cpe, host, lease, provider, sample } from "./told.ts";

useBrowser();
const servers: TellingServer[] = [];
const windows: Window[] = [];
afterEach(async () => {
  for (const { context } of windows.splice(0)) await context.close();
  for (const one of servers.splice(0)) await one.close();
});

async function server(): Promise<TellingServer> {
  const made = await new TellingServer().listen();
  servers.push(made);
  return made;
}

async function show(url: string, options?: { size?: Size; scheme?: Scheme }): Promise<Window> {
  const window = await openWindow(url, options);
  windows.push(window);
  return window;
}

const NAMES = ["alpha", "beta"];
const PAGES = ["overview", "leases", "addresses", "advertisements", "prefixes", "events", "experiments"];

/** A lab in which much is wrong: a fault, a hanging agent, a tunnel that is stale. */
function broken(): LiveMessage[] {
  const nowS = Math.floor(Date.now() / 1000);
  const blank = provider("beta");
  const beta = provider("beta", {
    state: "degraded",
    uplink: { ...blank.uplink, state: "stale", rttMs: null },
    problems: [{ code: "stale-tunnel", message: "the far side 192.0.2.42:51820 does not answer any more" }],
  });
  const alpha = provider("alpha", {
    faults: [FAULT],
    delegations: [lease(0x8000, { prefix: "2001:db8:a:8000::/56" })],
    addresses: [{ ...lease(1), address: "2001:db8:a::1" }],
  });
  const past = Array.from({ length: 240 }, (_, index) => sample(nowS - 240 + index, NAMES));
  const entry = { at: new Date().toISOString(), node: "alpha", event: "log", level: "info" } as const;
  return [
    ...begin("two-isps", [alpha, beta, cpe("home", NAMES), host("home-host1")]),
    ...past,
    {
      type: "span",
      span: { id: "1", kind: "fault", label: "loss 10%", node: "alpha", fromS: nowS - 150, toS: nowS - 90 },
    },
    {
      type: "span",
      span: {
        id: "2",
        kind: "renumbering",
        label: "renumbering",
        node: "beta",
        fromS: nowS - 70,
        toS: null,
      },
    },
    {
      type: "span",
      span: { id: "3", kind: "mark", label: "cable out", node: "", fromS: nowS - 30, toS: nowS - 30 },
    },
    { type: "log", entry: { ...entry, text: "kea serves DHCPv6" } },
    {
      type: "log",
      entry: {
        ...entry,
        node: "beta",
        event: "problem",
        level: "bad",
        text: "the far side does not answer any more",
      },
    },
    { type: "gone", node: "home", sinceS: nowS - 42, reason: "its agent is not heard any more" },
  ];
}

test("the page is small, and loads nothing from elsewhere", () => {
  const file = (name: string): Buffer => readFileSync(join(PROJECT, "dist/web", name));
  const all = ["index.html", "page.js", "page.css", "icon.svg"].map((name) => gzipSync(file(name)).length);
  expect(all.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
  // Addresses of namespaces are names, and no resource.
  const addresses = [
    ...file("page.js")
      .toString()
      .matchAll(/https?:\/\/[^"'`\s)]+/g),
  ].map(([address]) => address);
  expect(addresses.filter((address) => !address.startsWith("http://www.w3.org/"))).toEqual([]);
  expect(file("page.css").toString()).not.toMatch(/url\(|@import/);
});

test.each([
  ["wide", "light"],
  ["wide", "dark"],
  ["narrow", "light"],
  ["narrow", "dark"],
] as const)("%s and %s: nothing serious keeps anybody from using it, on every page", async (size, scheme) => {
  const told = await server();
  told.tell(...broken());
  const { page, complaints } = await show(told.url, { size, scheme });
  await page.waitForSelector("[data-id]");
  const faults: Record<string, string[]> = {};
  for (const name of PAGES) {
    await goTo(page, name);
    await keepPicture(page, `told-${name}-${size}-${scheme}`);
    faults[name] = await seriousFaults(page);
    const beyond = await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(beyond, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  }
  await goTo(page, "overview");
  await page.click('[data-id="bng:alpha"]');
  await keepPicture(page, `told-drawer-${size}-${scheme}`);
  faults["drawer"] = await seriousFaults(page);
  await page.getByRole("button", { name: "Restart" }).click();
  await keepPicture(page, `told-question-${size}-${scheme}`);
  faults["question"] = await seriousFaults(page);
  expect(faults).toEqual(Object.fromEntries([...PAGES, "drawer", "question"].map((name) => [name, []])));
  expect(complaints).toEqual([]);
});

test("what is not heard is grey and says its age; what is a fault or a mark is said in words, too", async () => {
  const told = await server();
  told.tell(...broken());
  const { page } = await show(told.url);
  const home = page.locator('.node[data-id="cpe:home"]');
  await expect.poll(async () => await home.getAttribute("class"), { timeout: 30_000 }).toContain("gone");
  expect(await home.getAttribute("aria-label")).toBe("home 2 prefixes, CPE, silent");
  await home.click();
  expect(await page.locator(".drawer").textContent()).toMatch(/silent for \d+ s/);
  expect(await page.locator("header .pill").textContent()).toBe("1 problem");
});

test("by keyboard alone: to a node, its action, the question, and back", async () => {
  const told = await server();
  told.tell(...broken());
  const { page } = await show(told.url);
  await page.waitForSelector('[data-id="bng:alpha"]');
  await page.focus('[data-id="bng:alpha"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector(".drawer");
  await page.getByRole("button", { name: "Restart" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Restart alpha" });
  expect(await dialog.locator("code").textContent()).toBe("mhlab restart alpha --lab two-isps");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(told.asked).toEqual([]);
  await page.getByRole("button", { name: "Restart" }).click();
  await dialog.getByRole("button", { name: "Restart" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(told.asked).toEqual([{ name: "restart", body: { node: "alpha" } }]);
  await page.locator(".drawer").press("Escape");
  await page.waitForSelector(".drawer", { state: "detached" });
  expect(await page.evaluate("document.activeElement?.getAttribute('data-id')")).toBe("bng:alpha");
});

test.each(["wide", "narrow"] as const)("%s: a fault is injected with options from fields", async (size) => {
  const told = await server();
  told.tell(...begin("two-isps", [provider("alpha")]));
  const { page, complaints } = await show(told.url, { size });
  await page.click('[data-id="bng:alpha"]');
  await page.getByRole("button", { name: "Inject a fault" }).click();
  await page.locator('input[value="line-reorder"]').check();
  await page.locator('input[name="delay"]').fill("20");
  await page.locator('select[name="direction"]').selectOption("up");
  await keepPicture(page, `told-fault-${size}`);
  expect(await seriousFaults(page)).toEqual([]);
  await page.locator("dialog button.primary").click();
  await page.locator("dialog").waitFor({ state: "detached" });
  const body = { node: "alpha", kind: "line-reorder", options: "delay=20ms direction=up" };
  expect(told.asked).toEqual([{ name: "inject", body }]);
  expect(complaints).toEqual([]);
});

const FAULT: ProviderStatus["faults"][number] = {
  id: "alpha-1",
  kind: "upstream-blackhole",
  since: new Date().toISOString(),
  endsAt: null,
  keepaliveS: null,
  direction: "both",
  options: {},
  hits: { up: 3, down: 12 },
};
const [ADDRESS = {} as never] = host("x").addresses;

test("hostile text in whatever is shown stays text", async () => {
  const told = await server();
  const evil = provider(HOSTILE, {
    prefix: HOSTILE,
    faults: [{ ...FAULT, id: HOSTILE, kind: HOSTILE, options: { [HOSTILE]: HOSTILE } }],
    advertisement: {
      sentAt: HOSTILE,
      fields: [{ name: HOSTILE, value: HOSTILE }],
      before: [{ name: HOSTILE, value: "x" }],
    },
    delegations: [lease(1, { duid: HOSTILE, via: HOSTILE })],
    problems: [{ code: HOSTILE, message: HOSTILE }],
  });
  const entry = { at: HOSTILE, node: HOSTILE, event: HOSTILE, level: "bad", text: HOSTILE } as const;
  told.tell(
    ...begin(HOSTILE, [evil, { ...host(HOSTILE), addresses: [{ ...ADDRESS, address: HOSTILE }] }]),
    { type: "log", entry },
    { type: "span", span: { id: "1", kind: "mark", label: HOSTILE, node: "", fromS: 1, toS: 1 } },
    { type: "sample", atS: Date.now() / 1000, values: { [`rtt/${HOSTILE}`]: 1 } },
    { type: "trouble", text: HOSTILE },
  );
  const window = await show(told.url);
  const { page } = window;
  await page.waitForSelector(".node");
  for (const name of PAGES) {
    await goTo(page, name);
    expect(await page.locator("main, header").allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining("onerror")]),
    );
    await expectOnlyText(window);
  }
  await goTo(page, "overview");
  await page.locator(".node.bng").click();
  await page.locator(".printed summary").click();
  await page.waitForSelector(".printed pre:has-text('onerror')");
  await expectOnlyText(window);
});

test("ten thousand leases: only those in sight are in the document, the last is reached, and one is found", async () => {
  const told = await server();
  told.tell(
    ...begin("many", [
      provider("alpha", { delegations: Array.from({ length: 10_000 }, (_, index) => lease(index)) }),
    ]),
  );
  const { page, complaints } = await show(told.url);
  await page.waitForSelector(".node");
  await goTo(page, "leases");
  const body = page.locator(".leases .virtual-body");
  await expect.poll(async () => await page.locator(".leases").getAttribute("aria-rowcount")).toBe("10001");
  const rows = page.locator(".leases .virtual-row");
  for (const part of [0, 0.3, 0.7, 1]) {
    await body.evaluate((element, share) => element.scrollTo(0, share * element.scrollHeight), part);
    const wanted = String(2 + Math.floor(part * 9999));
    await expect
      .poll(async () => await page.locator(`.leases [aria-rowindex="${wanted}"]`).count(), {
        timeout: 30_000,
      })
      .toBe(1);
    expect(await rows.count()).toBeLessThan(60);
  }
  await keepPicture(page, "told-many-leases");
  await page.getByRole("searchbox", { name: "Find leases" }).fill("2001:db8:a:1f4f::");
  await expect.poll(async () => await rows.count(), { timeout: 30_000 }).toBe(1);
  expect(complaints).toEqual([]);
});

test("fifty providers fit into the picture", async () => {
  const told = await server();
  const names = Array.from({ length: 50 }, (_, index) => `isp-${index + 1}`);
  told.tell(
    ...begin("fifty", [...names.map((name) => provider(name)), cpe("home", names)]),
    sample(Date.now() / 1000, names),
  );
  const { page, complaints } = await show(told.url);
  await expect.poll(async () => await page.locator(".node.bng").count(), { timeout: 30_000 }).toBe(50);
  await keepPicture(page, "told-fifty");
  expect(complaints).toEqual([]);
});

test("two pages that hear ten minutes, twice, do not grow the second time", async () => {
  const told = await server();
  told.tell(
    ...begin(
      "long",
      NAMES.map((name) => provider(name)),
    ),
  );
  const both = [await show(told.url), await show(told.url)];
  const entry = {
    at: new Date().toISOString(),
    node: "alpha",
    event: "log",
    level: "info",
    text: "again",
  } as const;
  const begun = Math.floor(Date.now() / 1000) - 7200;
  // The history and the log are full after an hour: what grows then is a leak.
  const hear = async (fromS: number, seconds: number): Promise<number[]> => {
    for (let second = 0; second < seconds; second++)
      told.tell(sample(fromS + second, NAMES), {
        type: "log",
        entry: { ...entry, text: `${fromS + second}` },
      });
    return await Promise.all(both.map(async ({ page }) => await heapOf(page, `${fromS + seconds - 1}`)));
  };
  await hear(begun, 4000);
  const first = await hear(begun + 4000, 600);
  const second = await hear(begun + 4600, 600);
  for (const [index, bytes] of second.entries()) expect(bytes - (first[index] ?? 0)).toBeLessThan(2_000_000);
});

/** Bytes that the page's scripts hold once it has drawn the last of what it was told. */
async function heapOf(page: Window["page"], last: string): Promise<number> {
  const newest = page.locator(".log .said").first();
  await expect.poll(async () => await newest.textContent(), { timeout: 60_000 }).toBe(last);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}
