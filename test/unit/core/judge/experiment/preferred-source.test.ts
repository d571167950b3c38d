import { expect, test } from "vitest";
import { sourceOf } from "../../../../../src/core/judge/experiment/preferred-source.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import type { HostAddress, WanStatus } from "../../../../../src/core/model/status/model.ts";

const silent = { name: "x", state: "running" as const, problem: { code: "x", message: "x" } };
const address = (text: string, provider: string, state: HostAddress["state"]): HostAddress => ({
  address: text,
  provider,
  state,
  router: "fe80::1",
  rttMs: null,
  lossPct: null,
  preferredUntil: null,
  validUntil: null,
});

test("of a host it is a preferred address of the provider", () => {
  const addresses = [
    address("2001:db8:a::1", "alpha", "deprecated"),
    address("2001:db8:b::1", "beta", "preferred"),
    address("2001:db8:a::2", "alpha", "preferred"),
  ];
  const host = { ...NODES.host.silent(silent), addresses };
  expect(sourceOf(host, "alpha")).toBe("2001:db8:a::2");
  expect(sourceOf(host, "gamma")).toBeNull();
});

test("of a CPE it is the LAN's address in what the provider delegated", () => {
  const blank = NODES.cpe.silent(silent);
  const wan = { provider: "beta", delegatedPrefix: "2001:db8:b:8000::/56" } as WanStatus;
  const lan = { ...blank.lan, addresses: ["2001:db8:a:8001::1", "2001:db8:b:8001::1"] };
  expect(sourceOf({ ...blank, wans: [wan], lan }, "beta")).toBe("2001:db8:b:8001::1");
  expect(sourceOf({ ...blank, wans: [wan], lan: blank.lan }, "beta")).toBeNull();
  expect(sourceOf({ ...blank, wans: [{ ...wan, delegatedPrefix: null }], lan }, "beta")).toBeNull();
});
