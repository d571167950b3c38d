/** Shipped scenarios that are over soon, and CPEs with a fault that must fail the scenario that is about it. */
import { expect, test } from "vitest";
import { useLabs } from "../lab/fixture.ts";
import { runShipped } from "./fixture.ts";

useLabs();

const LIMIT_MS = 200_000;

test.each(["load-share", "walled-garden"])(
  "the bundled CPE does in %s what is expected of it",
  async (name) => {
    const { code, said } = await runShipped(name);
    expect(code, `${name}\n${said}`).toBe(0);
  },
  LIMIT_MS,
);

test(
  "a CPE that sends beta's sources to alpha fails the scenario about exits, which the bundled one meets",
  async () => {
    expect(await runShipped("sadr-exit")).toMatchObject({ code: 0 });
    const broken = await runShipped("sadr-exit", [
      '{at: 1s, id: break, run: [ip, -6, rule, add, priority, "500", from, "2001:db8:b:8000::/49", lookup, "100"], in: home}',
    ]);
    expect(broken).toMatchObject({
      code: 1,
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
    expect(await runShipped("same-prefix-reconnect")).toMatchObject({ code: 0 });
    const broken = await runShipped("same-prefix-reconnect", [
      '{at: 1s, id: break, run: [sh, -c, "kill -STOP $(cat /run/radvd/radvd.pid)"], in: home}',
    ]);
    expect(broken).toMatchObject({ code: 1, results: { deprecated: "failed", "no-leaks": "passed" } });
  },
  2 * LIMIT_MS,
);
