/**
 * Shipped scenarios that are over soon, and CPEs with a fault that must fail the scenario that is about it. The results of each run are
 * computed a second time from its packets (test/second).
 */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verify } from "../../second/verify.mjs";
import { useLabs } from "../lab/fixture.ts";
import { runShipped } from "./fixture.ts";

useLabs();

const LIMIT_MS = 200_000;

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

/** How late the host's probes were sent at most, in seconds: the second computation allows its other times as much. */
function mostLateS(folder: string): number {
  const [head = "", ...rows] = readFileSync(join(folder, "probes.csv"), "utf8").trim().split("\n");
  const [node, waited] = ["node", "waited_s"].map((name) => head.split(",").indexOf(name));
  const late = rows
    .map((row) => row.split(","))
    .filter((cells) => cells[node ?? 0] === "home-host1")
    .map((cells) => Number(cells[waited ?? 0]));
  expect(late.length).toBeGreaterThan(0);
  return Math.max(...late);
}

/** Records that say what did not happen, and captures without what did: the second computation must find each. */
const DAMAGES = {
  "an outage that ended later": (folder: string) =>
    edit(join(folder, "run.json"), (text) => {
      const run = JSON.parse(text) as { outages: { toS: number | null; lost: number }[] };
      const outages = run.outages.map((one) => ({ ...one, toS: one.toS === null ? null : one.toS + 0.03 }));
      return JSON.stringify({ ...run, outages });
    }),
  "a probe that was answered": (folder: string) =>
    edit(join(folder, "probes.csv"), (text) => text.replace(/,answered,[\d.]*,/, ",no-answer,,")),
  "a leak that nobody saw": (folder: string) =>
    edit(join(folder, "run.json"), (text) => text.replace('"down": 0', '"down": 1')),
  "an address that was deprecated later": (folder: string) =>
    edit(join(folder, "facts.csv"), (text) =>
      text.replace(
        /^([\d.]+)(,home-host1,address,.*,deprecated)$/m,
        (_, at: string, rest: string) => `${Number(at) + 0.03 + mostLateS(folder)}${rest}`,
      ),
    ),
  "packets that are not in the capture": (folder: string) => {
    const file = join(folder, "home-lan.pcapng");
    const kept = "not (udp.srcport == 862 and frame.number < 120)";
    execFileSync("tshark", ["-r", file, "-w", `${file}-cut`, "-Y", kept], { stdio: "ignore" });
    execFileSync("mv", [`${file}-cut`, file]);
  },
};
const SAYS: Readonly<Record<keyof typeof DAMAGES, RegExp>> = {
  "an outage that ended later": /an outage in run.json only/,
  "a probe that was answered": /no answer .*, but one passed/,
  "a leak that nobody saw": /1 leaks down in run.json, 0 on its port/,
  "an address that was deprecated later": /is deprecated at .*, and no advertisement says so/,
  "packets that are not in the capture": /answered, but no answer passed home-lan lan0/,
};

test.each(["load-share", "walled-garden"])(
  "the bundled CPE does in %s what is expected of it",
  async (name) => {
    const { code, said, differences } = await runShipped(name);
    expect(code, `${name}\n${said}`).toBe(0);
    expect(differences).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "a CPE that sends beta's sources to alpha fails the scenario about exits, which the bundled one meets",
  async () => {
    expect(await runShipped("sadr-exit")).toMatchObject({ code: 0, differences: [] });
    const broken = await runShipped("sadr-exit", [
      '{at: 1s, id: break, run: [ip, -6, rule, add, priority, "500", from, "2001:db8:b:8000::/49", lookup, "100"], in: home}',
    ]);
    expect(broken).toMatchObject({
      code: 1,
      differences: [],
      results: {
        "alpha-by-alpha": "passed",
        "beta-by-beta": "failed",
        "nothing-of-beta-by-alpha": "failed",
        "no-leaks": "failed",
      },
    });
  },
  2 * LIMIT_MS,
);

test(
  "a CPE whose advertiser hangs leaves hosts a stale prefix, and fails the scenario about it, which the bundled one meets",
  async () => {
    const sound = await runShipped("same-prefix-reconnect");
    expect(sound).toMatchObject({ code: 0, differences: [] });
    const found: Record<string, string> = {};
    for (const [damage, alter] of Object.entries(DAMAGES)) {
      const copy = `${sound.folder}-damaged`;
      cpSync(sound.folder, copy, { recursive: true });
      alter(copy);
      found[damage] = verify(copy).differences.join("\n");
    }
    const wanted = Object.entries(SAYS).map(([damage, says]) => [
      damage,
      expect.stringMatching(says) as string,
    ]);
    expect(found).toEqual(Object.fromEntries(wanted));
    const broken = await runShipped("same-prefix-reconnect", [
      '{at: 1s, id: break, run: [sh, -c, "kill -STOP $(cat /run/radvd/radvd.pid)"], in: home}',
    ]);
    expect(broken).toMatchObject({
      code: 1,
      differences: [],
      results: { deprecated: "failed", "no-leaks": "passed" },
    });
  },
  2 * LIMIT_MS,
);
