/** The page and its API against a lab that runs: what happens is on the page, and what the page does happens. */
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readExposition } from "../../unit/support/exposition.ts";
import { statusJsonSchema } from "../../../src/core/model/status/json-schema.ts";
import { inContainer } from "../support/host-link.ts";
import { docker, eventually } from "../support/sandbox.ts";
import {
  ALPHA,
  BETA,
  containersOf,
  startMhlab,
  statusOf,
  succeed,
  useLabs,
  writeLab,
} from "../lab/fixture.ts";
import {
  expectOnlyText,
  goTo,
  HOSTILE,
  keepPicture,
  openWindow,
  useBrowser,
  type Window,
} from "./fixture.ts";

useLabs();
useBrowser();

const LAB = "seen";
/** A machine that has other work takes long for everything. */
const LONG = { timeout: 90_000 };
let file: string;
let dashboard: ReturnType<typeof startMhlab>;
let url: string;
let window: Window;

beforeAll(async () => {
  file = writeLab(LAB, [ALPHA, BETA]);
  await succeed(["up", file]);
  dashboard = startMhlab(["dashboard", file, "--port", "0", "--json"]);
  url = await new Promise<string>((resolve, reject) => {
    dashboard.stdout?.once("data", (line: Buffer) =>
      resolve((JSON.parse(line.toString()) as { url: string }).url),
    );
    void dashboard.then(({ stderr }) => reject(new Error(stderr)));
  });
  window = await openWindow(url);
});
afterAll(async () => {
  dashboard?.kill("SIGINT");
  await dashboard;
});

/** Asks the API as a program does. */
async function ask(
  path: string,
  init: Pick<RequestInit, "method" | "body" | "signal"> = {},
): Promise<Response> {
  const { origin, searchParams } = new URL(url);
  const headers = {
    authorization: `Bearer ${searchParams.get("token") ?? ""}`,
    "content-type": "application/json",
  };
  return await fetch(`${origin}${path}`, { ...init, headers });
}

const node = (name: string) => window.page.locator(`.node[data-id$=":${name}"]`);
const log = () => window.page.locator(".virtual.events");

test("every node is in the picture, and the lab is healthy", async () => {
  const { page, complaints } = window;
  await expect.poll(async () => await page.locator(".node").count(), LONG).toBe(5);
  await expect.poll(async () => await page.locator("header .pill").textContent(), LONG).toBe("healthy");
  expect(new URL(page.url()).search).toBe("");
  expect(complaints).toEqual([]);
  await page.waitForSelector(".plot canvas");
  await keepPicture(page, "live-overview");
});

test("a healthy lab loses nothing: in its status right after up, and on the page before and after a reload", async () => {
  const { providers, cpes } = await statusOf(LAB);
  const counted = [
    ...providers.map(({ uplink }) => uplink.lossPct),
    ...cpes.flatMap(({ wans }) => wans.map(({ lossPct }) => lossPct)),
  ];
  expect(counted).toEqual([0, 0, 0, 0]);
  const { page } = window;
  const legend = page.locator('.plot[aria-label="Loss"] .legend b');
  for (const again of [false, true]) {
    if (again) await page.reload();
    // Two tunnels, two WANs, and two sources of the host, which probes only while somebody looks.
    await expect.poll(async () => await legend.count(), LONG).toBe(6);
    const row = page.locator('.plot[aria-label="Loss"] tbody tr');
    const most = await row.evaluateAll((rows) => rows.map((one) => one.lastElementChild?.textContent));
    expect(most).toEqual(Array.from({ length: 6 }, () => "0 %"));
  }
});

test("whoever does not know the token is told nothing", async () => {
  const { origin } = new URL(url);
  for (const path of ["/", "/page.js", "/api/status", "/api/live", "/metrics"]) {
    const answer = await fetch(`${origin}${path}`);
    expect([path, answer.status, await answer.text()]).toEqual([path, 403, "403\n"]);
  }
});

test("the API is what its document says, and the status what the command says", async () => {
  const document = (await (await ask("/api/openapi.json")).json()) as {
    paths: Record<
      string,
      Record<string, { responses: Record<string, { content: Record<string, unknown> }> }>
    >;
  };
  const answers: Record<string, string> = {};
  // Of runs there are none here; test/system/dashboard/experiments.test.ts has some.
  const [ofRuns, others] = [true, false].map((wanted) =>
    Object.entries(document.paths).filter(([path]) => path.includes("{id}") === wanted),
  );
  const unknown = (ofRuns ?? []).map(async ([path]) => (await ask(path.replace("{id}", "none"))).status);
  expect(await Promise.all(unknown)).toEqual([400, 400]);
  for (const [path, operations] of others ?? []) {
    const [type = ""] = Object.keys(operations["get"]?.responses["200"]?.content ?? {});
    if (operations["get"] === undefined) continue;
    const stop = new AbortController();
    const asked = await ask(
      path.replace("{name}", "alpha").concat(path.endsWith("capture") ? "?seconds=1" : ""),
      {
        signal: stop.signal,
      },
    );
    answers[path] = asked.headers.get("content-type")?.split(";")[0] ?? "";
    expect([path, asked.status, answers[path]]).toEqual([path, 200, type]);
    stop.abort();
  }
  expect(Object.keys(answers).length).toBeGreaterThan(6);
  const told = (await (await ask("/api/status")).json()) as { lab: string; providers: { name: string }[] };
  const isStatus = new Ajv().compile(statusJsonSchema());
  expect([isStatus(told), isStatus.errors]).toEqual([true, null]);
  const { providers } = await statusOf(LAB);
  expect(told.providers.map(({ name }) => name)).toEqual(providers.map(({ name }) => name));
  const metrics = readExposition(await (await ask("/metrics")).text());
  expect(metrics).toContainEqual({ name: "mhlab_lab_healthy", labels: { lab: LAB }, value: 1 });
  expect(
    (
      await ask("/api/actions/dance", {
        method: "POST",
        body: "{}",
      })
    ).status,
  ).toBe(400);
});

test("a fault from the terminal is on the page at once: its node, a band, the log", async () => {
  const { page } = window;
  await succeed(["fault", "inject", "upstream-blackhole", "alpha"]);
  const begun = performance.now();
  await expect
    .poll(async () => await node("alpha").locator(".fault").count(), { ...LONG, interval: 20 })
    .toBe(1);
  process.stderr.write(`  on the page ${Math.round(performance.now() - begun)} ms after the command\n`);
  await expect
    .poll(async () => await page.locator(".log").textContent(), LONG)
    .toContain("upstream-blackhole");
  await keepPicture(page, "live-fault");
  await node("alpha").click();
  await page.getByRole("button", { name: "Clear" }).click();
  expect(await page.getByRole("dialog").locator("code").textContent()).toMatch(
    /fault clear alpha-1 --lab seen$/,
  );
  await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
  await expect.poll(async () => await node("alpha").locator(".fault").count(), LONG).toBe(0);
  await eventually(async () => expect((await statusOf(LAB)).providers[0]?.faults).toEqual([]), {
    timeoutMs: 30_000,
  });
});

test("an action on the page changes the lab and is in the log of events; its packets come as a file", async () => {
  const { page } = window;
  const started = async (): Promise<string> => {
    const id = (await containersOf(LAB))["beta"] ?? "";
    return (await docker.getContainer(id).inspect()).State.StartedAt;
  };
  const before = await started();
  await page.locator(".drawer").press("Escape");
  await node("beta").click();
  await page.getByRole("button", { name: "Restart" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restart" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached", timeout: 90_000 });
  expect(await started()).not.toBe(before);
  const download = page.waitForEvent("download", { timeout: 90_000 });
  await page.getByRole("link", { name: "Capture packets" }).click();
  expect((await download).suggestedFilename()).toBe(`${LAB}-beta.pcapng`);
  await (await download).cancel();
  await page.locator(".drawer").press("Escape");
  await goTo(page, "events");
  await page.getByRole("combobox", { name: "Kind" }).selectOption("action");
  await expect.poll(async () => await log().textContent(), LONG).toContain("restart: done");
  await page.getByRole("combobox", { name: "Kind" }).selectOption("");
  await keepPicture(page, "live-events");
});

test("marks and what a node printed are text, whatever is in them", async () => {
  const { page } = window;
  await page.getByRole("button", { name: /^Mark/ }).click();
  await page.getByRole("textbox", { name: "What it is for" }).fill(HOSTILE);
  await page.getByRole("dialog").getByRole("button", { name: "Mark" }).click();
  await expect.poll(async () => await log().textContent(), LONG).toContain(HOSTILE);
  const id = (await containersOf(LAB))["alpha"] ?? "";
  await inContainer(id, ["sh", "-c", `printf '%s\\n' "$1" > /proc/1/fd/1`, "sh", HOSTILE]);
  await goTo(page, "overview");
  await node("alpha").click();
  await page.locator(".printed summary").click();
  await expect.poll(async () => await page.locator(".printed pre").textContent(), LONG).toContain(HOSTILE);
  await expectOnlyText(window);
  await page.locator(".drawer").press("Escape");
});

test("an agent that hangs goes grey with its age, and comes back", async () => {
  const id = (await containersOf(LAB))["beta"] ?? "";
  await inContainer(id, ["pkill", "-STOP", "-x", "-o", "node"]);
  await expect.poll(async () => await node("beta").getAttribute("class"), LONG).toContain("gone");
  await node("beta").click();
  expect(await window.page.locator(".drawer").textContent()).toMatch(/silent for \d+ s/);
  await keepPicture(window.page, "live-silent");
  await window.page.locator(".drawer").press("Escape");
  await inContainer(id, ["pkill", "-CONT", "-x", "-o", "node"]);
  await expect.poll(async () => await node("beta").getAttribute("class"), LONG).not.toContain("gone");
});

test("a lab that is torn down and comes again is shown without a reload", async () => {
  const { page, complaints } = window;
  await page.evaluate("globalThis.loadedOnce = true");
  await succeed(["down", LAB]);
  await expect.poll(async () => await page.locator("header .pill").textContent(), LONG).not.toBe("healthy");
  await keepPicture(page, "live-down");
  await succeed(["up", file]);
  await expect.poll(async () => await page.locator("header .pill").textContent(), LONG).toBe("healthy");
  expect(await page.evaluate("globalThis.loadedOnce")).toBe(true);
  expect(complaints).toEqual([]);
});

test("a page that lost its server says so, and with Ctrl-C the command ends well", async () => {
  dashboard.kill("SIGINT");
  expect((await dashboard).exitCode).toBe(0);
  const live = window.page.locator("header .live");
  await expect.poll(async () => await live.textContent(), LONG).toMatch(/^(connection lost|dashboard ended)/);
});
