import { expect, test } from "vitest";
import { leaseProblems, type Leased } from "../../../../../src/core/render/bng/lease-problems.ts";
import { lab, specs, TWO_ISPS } from "../../../support/planned-lab.ts";
import { configOf } from "../../../support/alpha.ts";

const alpha = specs(lab(TWO_ISPS)).find(({ role }) => role === "bng");
const config = configOf(alpha?.document);
const nothing: Leased = { delegations: [], addresses: [], refused: { prefix: false, address: false } };

test("leases that the kernel cannot be kept equal to are a problem, before what comes of it", () => {
  expect(leaseProblems(config, nothing)).toEqual([]);
  const lease = { duid: "00", iaid: 1, preferredS: 1, validS: 1, expiresAt: "" };
  const unrouted = { ...lease, prefix: "2001:db8:a:100::/56", via: "fe80::1", routed: false };
  const failing = { ...nothing, delegations: [unrouted], failure: "ip: no memory" } as unknown as Leased;
  expect(leaseProblems(config, failing)).toEqual([
    { code: "leases-not-kept", message: "routes cannot be kept equal to the leases: ip: no memory" },
    expect.objectContaining({ code: "not-routed" }),
  ]);
});
