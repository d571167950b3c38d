import { describe, expect, test } from "vitest";
import { renderBird } from "../../../../../src/core/render/bng/bird.ts";
import type { BngConfig } from "../../../../../src/core/render/bng/config.ts";
import { capacityOf, renderKea } from "../../../../../src/core/render/bng/kea.ts";
import {
  currentNetwork,
  isLive,
  liveNetworks,
  networksOf,
} from "../../../../../src/core/render/bng/networks.ts";
import { renderSourceValidation } from "../../../../../src/core/render/bng/source-validation.ts";
import { formatPrefix6, parsePrefix6 } from "../../../../../src/core/model/ip6.ts";
import type { PrefixPhases } from "../../../../../src/core/model/renumbering/phases.ts";
import { alphaConfig } from "../../../support/alpha.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z") / 1000;
const phase = (letter: string, state: "current" | "deprecated" | "withdrawn", endsAt?: string) => ({
  prefix: `2001:db8:${letter}::/48`,
  state,
  ...(endsAt === undefined ? {} : { endsAt }),
});
const GRACEFUL = [phase("b", "current"), phase("a", "deprecated", "2026-11-24T12:10:00Z")];
const WITHDRAWN = [phase("b", "current"), phase("a", "withdrawn", "2026-11-24T16:00:00Z")];
const NONE = [phase("a", "withdrawn")];

function configOf(prefixes?: PrefixPhases): BngConfig {
  return alphaConfig({}, { settings: {}, faults: [], ...(prefixes === undefined ? {} : { prefixes }) });
}

const live = (config: BngConfig, leased: string): boolean => {
  const prefix = parsePrefix6(leased);
  return prefix !== undefined && isLive(config, prefix);
};

test("one prefix as a rule", () => {
  const config = configOf();
  expect(networksOf(config)).toHaveLength(1);
  expect(currentNetwork(config)?.prefix).toEqual(config.prefix);
  expect(live(config, "2001:db8:a:8000::/56")).toBe(true);
});

test("of what was leased, that lives which is of a live pool or link, and of its length", () => {
  const graceful = configOf(GRACEFUL);
  expect(
    ["2001:db8:a:8000::/56", "2001:db8:b:8000::/56", "2001:db8:a::1:0/128"].map((one) => live(graceful, one)),
  ).toEqual([true, true, true]);
  expect(
    ["2001:db8:a:8000::/60", "2001:db8:a::/56", "2001:db8:c:8000::/56"].map((one) => live(graceful, one)),
  ).toEqual([false, false, false]);
  expect(live(configOf(WITHDRAWN), "2001:db8:a:8000::/56")).toBe(false);
  expect(liveNetworks(configOf(NONE))).toEqual([]);
});

test("a pool that has no place in the new prefix is refused in the words of a lab file", () => {
  const override = {
    settings: {},
    faults: [],
    prefixes: [{ prefix: "2001:db8:b::/60", state: "current" as const }],
  };
  expect(() => alphaConfig({ "delegation.length": "56" }, override)).toThrow(
    "a /56 does not fit into alpha's pool 2001:db8:b:8::/61",
  );
});

describe("what is advertised", () => {
  test("a deprecated one with a preferred lifetime of 0, valid for what is left, counted down in steps", () => {
    const at = (nowS: number): string => renderBird(configOf(GRACEFUL), nowS);
    expect(at(NOW)).toContain(`\
    prefix 2001:db8:b::/64 {
      onlink yes;
      autonomous yes;
      preferred lifetime 1800;
      valid lifetime 14400;
    };
    prefix 2001:db8:a::/64 {
      onlink yes;
      autonomous yes;
      preferred lifetime 0;
      valid lifetime 600;
    };
    prefix ::/0 { skip; };
`);
    expect(at(NOW + 16)).toContain("valid lifetime 585;");
    expect(at(NOW + 700)).toContain("valid lifetime 0;");
  });

  test("a withdrawn one with lifetimes of 0, although it is not on the link any more", () => {
    const text = renderBird(configOf(WITHDRAWN), NOW);
    expect(text).toContain(
      "custom option type 3 value hex:40c000000000000000000000000020010db8000a00000000000000000000;",
    );
    expect(text).not.toContain("prefix 2001:db8:a::/64");
    expect(text).toContain("default lifetime 1800;");
  });

  test("without any prefix it is no default router", () => {
    expect(renderBird(configOf(NONE), NOW)).toContain("default lifetime 0;");
  });
});

describe("what is leased", () => {
  const subnetOf = (
    config: BngConfig,
  ): { subnet: string; pools: unknown[]; "pd-pools": { prefix: string }[] } =>
    JSON.parse(renderKea(config)).Dhcp6.subnet6[0];
  const hookOf = (config: BngConfig): { networks: unknown } =>
    JSON.parse(renderKea(config)).Dhcp6["hooks-libraries"][1].parameters;

  test("only of the current one; the hook knows of the former until it ends", () => {
    const config = configOf(GRACEFUL);
    expect(subnetOf(config)).toMatchObject({
      subnet: "2001:db8:b::/64",
      "pd-pools": [{ prefix: "2001:db8:b:8000::" }],
    });
    expect(hookOf(config).networks).toEqual([
      { transfer: "2001:db8:b::", pool: "2001:db8:b:8000::", "pool-length": 49, "delegated-length": 56 },
      {
        transfer: "2001:db8:a::",
        pool: "2001:db8:a:8000::",
        "pool-length": 49,
        "delegated-length": 56,
        until: NOW + 600,
      },
    ]);
    expect(hookOf(configOf(WITHDRAWN)).networks).toHaveLength(1);
  });

  test("nothing without one", () => {
    const config = configOf(NONE);
    expect(subnetOf(config)).toMatchObject({ pools: [], "pd-pools": [] });
    expect(hookOf(config).networks).toEqual([]);
    expect(capacityOf(config)).toEqual({ addresses: 0, delegations: 0 });
  });
});

test("sources of live prefixes may pass, others are wrong", () => {
  const graceful = renderSourceValidation(configOf(GRACEFUL));
  for (const letter of ["a", "b"]) {
    expect(graceful).toContain(`ip6 saddr 2001:db8:${letter}::/64 goto on_link`);
    expect(graceful).toMatch(new RegExp(`ip6 saddr \\{ .*2001:db8:${letter}::1.* \\} goto forged`));
  }
  expect(renderSourceValidation(configOf(WITHDRAWN))).not.toContain("2001:db8:a::");
});

test("the current one is the provider's", () => {
  const { prefix, transfer, pool } = configOf(GRACEFUL);
  expect([prefix, transfer, pool].map((one) => (one === undefined ? "" : formatPrefix6(one)))).toEqual([
    "2001:db8:b::/48",
    "2001:db8:b::/64",
    "2001:db8:b:8000::/49",
  ]);
});
