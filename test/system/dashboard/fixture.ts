/** The live page in Debian's Chromium: of a server that tells what a test wants, or of a dashboard. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { runShelf } from "../../../src/adapters/files/run-shelf.ts";
import { webMachine } from "../../../src/adapters/http/machine.ts";
import { describeActions } from "../../../src/app/dashboard/actions.ts";
import { runRoutes } from "../../../src/app/dashboard/run-routes.ts";
import { RunBoard } from "../../../src/app/dashboard/runs.ts";
import type { RunningServer, WebRoute } from "../../../src/app/ports/web-server.ts";
import type { LiveMessage } from "../../../src/core/judge/live/message.ts";
import { PROJECT } from "../support/sandbox.ts";

/** The sizes of a second screen and of a telephone. */
export const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } } as const;
export type Size = keyof typeof SIZES;
export type Scheme = "light" | "dark";

/** As root, without looking for its vendor's servers, which a closed network does not have. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const ARTEFACTS = join(PROJECT, "test/artefacts");

let browser: Browser;

/** Call once at the top of a test file. */
export function useBrowser(): void {
  beforeAll(async () => {
    mkdirSync(ARTEFACTS, { recursive: true });
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS, timeout: 120_000 });
  });
  afterAll(async () => await browser.close());
}

export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page, and what its policy refused. */
  readonly complaints: string[];
  /** Addresses of all that it asked for. */
  readonly requests: string[];
}

/** A browser window of its own that shows an address; it must complain of nothing. */
export async function openWindow(
  url: string,
  {
    size = "wide",
    scheme = "light",
    hasTouch = false,
  }: { size?: Size; scheme?: Scheme; hasTouch?: boolean } = {},
): Promise<Window> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    hasTouch,
    colorScheme: scheme,
    reducedMotion: "reduce",
    timezoneId: "UTC",
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, context, complaints, requests };
}

/** Goes to one of the pages by its address. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page.evaluate(`location.hash = "#/${name}"`);
  await page.waitForSelector(`nav a[href="#/${name}"][aria-current="page"]`);
}

/** Keeps a picture of what is shown. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), animations: "disabled", fullPage });
}

/** What keeps people from using it, by axe-core, as far as it is serious. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Evaluated, not inserted: the page's policy stays as it is.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** A server of the page that tells what a test wants. */
export class TellingServer {
  readonly #streams = new Map<(text: string) => void, AbortSignal>();
  readonly #past: string[] = [];
  /** What pages asked for by POST. */
  readonly asked: unknown[] = [];
  readonly #runs: RunBoard;
  #server: RunningServer | undefined;

  /** `runs`: the folder of experiments; left out: there is none. */
  constructor({ runs = "/nowhere/runs", lab = "" } = {}) {
    this.#runs = new RunBoard({ shelf: runShelf(runs), lab, now: () => Date.now() });
  }

  async listen(): Promise<this> {
    const machine = webMachine(join(PROJECT, "dist/web"), process.env);
    const assets = await machine.assets();
    const pages = [...assets].map(([path, { type, bytes }]): WebRoute => ({
      method: "GET",
      path,
      answer: () => ({ kind: "bytes", type, bytes }),
    }));
    this.#server = await machine.serve({
      port: 0,
      token: machine.secret(),
      routes: [...pages, ...this.#routes()],
      failed: (error) => ({ status: 500, value: { error: { message: String(error) } } }),
    });
    return this;
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  tell(...messages: readonly LiveMessage[]): void {
    for (const message of messages) {
      const text = JSON.stringify(message);
      this.#past.push(text);
      for (const tell of this.#streams.keys()) tell(text);
    }
  }

  /** Ends all streams; pages come again, and hear everything from the beginning. */
  async close(): Promise<void> {
    await this.#server?.close();
  }

  #routes(): WebRoute[] {
    return [
      ...runRoutes(this.#runs),
      {
        method: "GET",
        path: "/api/live",
        answer: () => ({
          kind: "stream",
          type: "text/event-stream",
          write: async (out, signal) => {
            const tell = (text: string): void => out(`data: ${text}\n\n`);
            for (const text of this.#past) tell(text);
            this.#streams.set(tell, signal);
            await new Promise<void>((resolve) =>
              signal.addEventListener("abort", () => resolve(), { once: true }),
            );
            this.#streams.delete(tell);
          },
        }),
      },
      {
        method: "GET",
        path: "/api/actions",
        answer: () => ({ kind: "json", value: { actions: describeActions() } }),
      },
      {
        method: "POST",
        path: "/api/actions/{name}",
        answer: ({ path, body }) => {
          this.asked.push({ ...path, body });
          return { kind: "json", value: {} };
        },
      },
      {
        method: "GET",
        path: "/api/nodes/{name}/log",
        answer: () => ({ kind: "text", type: "text/plain", text: HOSTILE }),
      },
    ];
  }
}

/** What becomes a picture, a script and a heading where text is taken for markup. */
export const HOSTILE = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script><h1>pwned</h1>`;

/** Nothing of a hostile text became markup or ran. */
export async function expectOnlyText({ page, complaints }: Window): Promise<void> {
  expect(await page.title()).not.toContain("pwned");
  expect(await page.locator("#page img[src='x'], #page script, #page h1:text-is('pwned')").count()).toBe(0);
  expect(complaints).toEqual([]);
}
