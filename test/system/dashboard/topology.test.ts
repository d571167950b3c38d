/** The picture of a lab with twenty providers, measured in a real browser: it fits, it is legible, and nothing covers anything. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProviderStatus } from "../../../src/core/model/status/model.ts";
import {
  goTo,
  keepPicture,
  openWindow,
  seriousFaults,
  TellingServer,
  useBrowser,
  type Size,
  type Window,
} from "./fixture.ts";
import { begin, cpe, host, provider, sample } from "./told.ts";

useBrowser();

const NAMES = Array.from({ length: 20 }, (_, index) => `isp-${index + 1}`);
const FAULT: ProviderStatus["faults"][number] = {
  id: "isp-3-1",
  kind: "upstream-blackhole",
  since: new Date().toISOString(),
  endsAt: null,
  direction: "both",
  keepaliveS: null,
  options: {},
  hits: { up: 3, down: 12 },
};

let twenty: TellingServer;
let two: TellingServer;

async function tell(names: readonly string[]): Promise<TellingServer> {
  const told = await new TellingServer().listen();
  const providers = names.map((name) =>
    provider(name, { prefix: "2001:db8:abcd::/48", faults: name === names.at(-1) ? [FAULT] : [] }),
  );
  const home = cpe("home", names);
  const wans = home.wans.map((wan) => ({ ...wan, delegatedPrefix: "2001:db8:abcd:8000::/56" }));
  told.tell(
    ...begin("topology", [...providers, { ...home, wans }, host("home-host1"), host("home-host2")]),
    sample(Date.now() / 1000, names),
  );
  return told;
}
beforeAll(async () => {
  [twenty, two] = await Promise.all([tell(NAMES), tell(["alpha", "beta"])]);
});
afterAll(async () => {
  await Promise.all([twenty, two].map(async (one) => await one?.close()));
});

async function inWindow(
  told: TellingServer,
  size: Size,
  look: (window: Window) => Promise<void>,
  hasTouch = false,
): Promise<void> {
  const window = await openWindow(told.url, { size, hasTouch });
  try {
    await window.page.waitForSelector("[data-id]");
    await look(window);
    expect(window.complaints).toEqual([]);
  } finally {
    await window.context.close();
  }
}

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
interface Measured {
  readonly frame: Rectangle;
  readonly nodes: readonly (Rectangle & {
    readonly texts: readonly (Rectangle & { readonly text: string })[];
  })[];
  readonly labels: readonly (Rectangle & { readonly text: string })[];
  /** Points along each line, some pixels apart. */
  readonly lines: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** Where everything is in the window. */
async function measured({ page }: Window): Promise<Measured> {
  return await page.evaluate<Measured>(`(() => {
    const box = (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom, text: element.textContent };
    };
    const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
    return {
      frame: box(document.querySelector(".picture-frame")),
      nodes: all(".node").map((node) => ({ ...box(node.querySelector("rect")), texts: all(":scope > text", node).map(box) })),
      labels: all(".link-label, .link-rate").map(box),
      lines: all(".link .line").map((line) => {
        const matrix = line.getScreenCTM();
        const length = line.getTotalLength();
        return Array.from({ length: Math.ceil(length / 3) + 1 }, (_, index) => {
          const { x, y } = line.getPointAtLength(Math.min(length, index * 3)).matrixTransform(matrix);
          return [x, y];
        });
      }),
    };
  })()`);
}

const inside = (one: Rectangle, other: Rectangle): boolean =>
  one.left >= other.left - 0.5 &&
  one.right <= other.right + 0.5 &&
  one.top >= other.top - 0.5 &&
  one.bottom <= other.bottom + 0.5;
const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** What covers something, or stands out of its box. */
function coveredIn({ nodes, labels, lines }: Measured): string[] {
  const found: string[] = [];
  const boxes = [...nodes.map((node) => ({ ...node, text: node.texts[0]?.text ?? "" })), ...labels];
  for (const [index, one] of boxes.entries())
    for (const other of boxes.slice(index + 1))
      if (overlap(one, other)) found.push(`${one.text} on ${other.text}`);
  for (const node of nodes)
    for (const text of node.texts) if (!inside(text, node)) found.push(`${text.text} leaves its box`);
  for (const label of labels)
    if (
      lines.some((points) =>
        points.some(([x, y]) => x > label.left && x < label.right && y > label.top && y < label.bottom),
      )
    )
      found.push(`a line crosses ${label.text}`);
  return found;
}

const choose = async ({ page }: Window, name: string): Promise<void> =>
  await page.getByRole("button", { name, exact: true }).click();

test.each([
  ["twenty", "wide", 10],
  ["twenty", "narrow", 0],
  ["two", "wide", 10],
  ["two", "narrow", 7],
] as const)(
  "%s providers, %s: the picture fits, and nothing lies on anything",
  async (count, size, leastHeight) => {
    await inWindow(count === "twenty" ? twenty : two, size, async (window) => {
      if (size === "narrow") await choose(window, "Picture");
      await window.page.waitForSelector(".link-rate");
      const all = await measured(window);
      await keepPicture(window.page, `topology-${count}-${size}`);
      expect(all.nodes.length).toBe(count === "twenty" ? 24 : 6);
      expect(all.labels.length).toBe(count === "twenty" ? 60 : 6);
      expect([...all.nodes, ...all.labels].filter((one) => !inside(one, all.frame))).toEqual([]);
      expect(coveredIn(all)).toEqual([]);
      // All can be read, but for twenty providers on a telephone, which has the list.
      const least = Math.min(...all.labels.map(({ top, bottom }) => bottom - top));
      expect(least).toBeGreaterThan(leastHeight);
    });
  },
);

test("the picture is zoomed by buttons and by the wheel with Ctrl about the pointer, and fits again", async () => {
  await inWindow(twenty, "wide", async (window) => {
    const { page } = window;
    const box = async (): Promise<Rectangle> => {
      const [, , , , , , , eighth] = (await measured(window)).nodes;
      if (eighth === undefined) throw new Error("too few nodes");
      return eighth;
    };
    const width = async (): Promise<number> => (({ left, right }) => right - left)(await box());
    const fitted = await width();
    await choose(window, "Zoom in");
    await choose(window, "Zoom in");
    expect((await width()) / fitted).toBeCloseTo(1.25 ** 2, 1);
    await choose(window, "Zoom out");
    expect((await width()) / fitted).toBeCloseTo(1.25, 1);
    const before = await box();
    const at = [(before.left + before.right) / 2, (before.top + before.bottom) / 2] as const;
    await page.mouse.move(...at);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -240);
    await page.keyboard.up("Control");
    await expect.poll(async () => (await width()) / fitted).toBeGreaterThan(2.5);
    const after = await box();
    expect((after.left + after.right) / 2).toBeCloseTo(at[0], -0.5);
    expect((after.top + after.bottom) / 2).toBeCloseTo(at[1], -0.5);
    expect(await page.evaluate("visualViewport.scale"), "the window itself is not zoomed").toBe(1);
    await choose(window, "Fit");
    await expect.poll(width).toBeCloseTo(fitted, 1);
  });
});

test("two fingers zoom the picture", async () => {
  await inWindow(
    twenty,
    "narrow",
    async (window) => {
      const { page } = window;
      await choose(window, "Picture");
      const { frame, nodes } = await measured(window);
      const width = ({ left, right }: Rectangle): number => right - left;
      const [x, y] = [(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2];
      const session = await page.context().newCDPSession(page);
      const touch = async (type: "touchStart" | "touchMove" | "touchEnd", apart: number): Promise<void> => {
        const touchPoints =
          type === "touchEnd" ? [] : [-1, 1].map((side, id) => ({ x: x + (side * apart) / 2, y, id }));
        await session.send("Input.dispatchTouchEvent", { type, touchPoints });
      };
      await touch("touchStart", 60);
      for (const apart of [90, 120, 180]) await touch("touchMove", apart);
      await touch("touchEnd", 180);
      const zoomed = (await measured(window)).nodes;
      expect(width(zoomed[0] as Rectangle) / width(nodes[0] as Rectangle)).toBeCloseTo(3, 0);
      await keepPicture(page, "topology-pinched");
    },
    true,
  );
});

test("a narrow window begins with a list of all nodes, each as wide as the window, that opens them", async () => {
  await inWindow(twenty, "narrow", async (window) => {
    const { page } = window;
    expect(await page.locator(".picture").count()).toBe(0);
    expect(await page.locator(".node-row").count()).toBe(24);
    const last = page.locator('.node-row[data-id="bng:isp-20"]');
    const rates = String.raw`↓ [\d.]+ \w+/s {2}↑ [\d.]+ \w+/s`;
    expect(await last.textContent()).toMatch(
      new RegExp(
        `^isp-20 2001:db8:abcd::/48 1 fault +tunnel {2}0.42 ms {2}${rates} to home: 2001:db8:abcd:8000::/56$`,
      ),
    );
    await keepPicture(page, "topology-list", true);
    expect(await seriousFaults(page)).toEqual([]);
    await last.click();
    await page.waitForSelector(".drawer:has-text('isp-20')");
    await page.locator(".drawer").press("Escape");
    expect(await page.evaluate("document.activeElement?.getAttribute('data-id')")).toBe("bng:isp-20");
    await goTo(page, "events");
    await goTo(page, "overview");
    await choose(window, "Picture");
    await page.waitForSelector(".picture");
    await choose(window, "List");
    await page.waitForSelector(".node-row");
  });
});
