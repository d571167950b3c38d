import { expect, test } from "vitest";
import { FactBook } from "../../../../../src/core/judge/experiment/facts.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import type {
  CpeStatus,
  HostAddress,
  HostStatus,
  ProviderStatus,
} from "../../../../../src/core/model/status/model.ts";

const silence = (name: string) => ({ name, state: "running", problem: { code: "x", message: "x" } }) as const;
const address = (text: string, provider: string, state: HostAddress["state"]): HostAddress => ({
  address: text,
  provider,
  state,
  router: null,
  rttMs: null,
  lossPct: null,
  preferredUntil: null,
  validUntil: null,
});
const host = (...addresses: HostAddress[]): HostStatus => ({
  ...NODES.host.silent(silence("pc")),
  ready: true,
  addresses,
  defaultRouters: [{ address: "fe80::1", provider: null, preference: "medium" }],
});

const A = "2001:db8:a:1::5";
const B = "2001:db8:b:1::5";

test("what begins is told once, what changes with its new state, and what went with none", () => {
  const book = new FactBook(() => "home");
  expect(book.take(host(address(A, "alpha", "preferred")), 1)).toEqual([
    { atS: 1, node: "pc", kind: "ready", subject: "pc", provider: null, state: "ready" },
    { atS: 1, node: "pc", kind: "address", subject: A, provider: "alpha", state: "preferred" },
    { atS: 1, node: "pc", kind: "router", subject: "fe80::1", provider: "home", state: "present" },
  ]);
  expect(book.take(host(address(A, "alpha", "preferred")), 2)).toEqual([]);
  expect(book.take(host(address(A, "alpha", "deprecated"), address(B, "beta", "preferred")), 3)).toEqual([
    { atS: 3, node: "pc", kind: "address", subject: A, provider: "alpha", state: "deprecated" },
    { atS: 3, node: "pc", kind: "address", subject: B, provider: "beta", state: "preferred" },
  ]);
  expect(book.take(host(address(B, "beta", "preferred")), 4)).toEqual([
    { atS: 4, node: "pc", kind: "address", subject: A, provider: "alpha", state: null },
  ]);
  expect(book.all(9)).toHaveLength(3);
});

test("of a node that is not heard any more nothing goes but that it is ready, and it comes back once", () => {
  const book = new FactBook(() => undefined);
  const status = host(address(A, "alpha", "preferred"));
  book.take(status, 1);
  expect(book.lose("pc", 2)).toEqual([
    { atS: 2, node: "pc", kind: "ready", subject: "pc", provider: null, state: null },
  ]);
  expect(book.lose("pc", 3)).toEqual([]);
  expect(book.lose("nobody", 3)).toEqual([]);
  expect(book.take(status, 4).map(({ kind, state }) => [kind, state])).toEqual([["ready", "ready"]]);
});

test("a CPE has what it was delegated, and addresses on its LAN by the provider of their prefix", () => {
  const cpe: CpeStatus = {
    ...NODES.cpe.silent(silence("home")),
    wans: [
      {
        provider: "alpha",
        interface: "wan0",
        present: true,
        carrier: true,
        defaultRouter: "fe80::a",
        addresses: ["2001:db8:a::2"],
        delegatedPrefix: "2001:db8:a:8000::/56",
        formerPrefixes: [{ prefix: "2001:db8:f::/56", usable: false, validUntil: "2026-11-24T12:00:00Z" }],
        validUntil: null,
        preferredUntil: null,
        reach: "yes",
        rttMs: null,
        lossPct: null,
      },
    ],
    lan: { interface: "lan", addresses: ["2001:db8:a:8000::1/64", "2001:db8:f::1/64", "fd00::1/64"] },
  };
  const told = new FactBook(() => undefined)
    .take(cpe, 0)
    .map(({ kind, subject, provider, state }) => `${kind} ${subject} ${provider} ${state}`);
  expect(told).toEqual([
    "ready home null waiting",
    "address 2001:db8:a::2 alpha preferred",
    "router fe80::a alpha present",
    "delegation 2001:db8:a:8000::/56 alpha delegated",
    "prefix 2001:db8:a:8000::/56 alpha current",
    "prefix 2001:db8:f::/56 alpha withdrawn",
    "address 2001:db8:a:8000::1 alpha preferred",
    "address 2001:db8:f::1 alpha deprecated",
  ]);
});

test("a provider has its prefixes with their states, and its leases", () => {
  const provider: ProviderStatus = {
    ...NODES.bng.silent(silence("alpha")),
    prefixes: [
      { prefix: "2001:db8:c::/48", state: "current", endsAt: null },
      { prefix: "2001:db8:a::/48", state: "deprecated", endsAt: "2026-11-24T12:00:05Z" },
    ],
  };
  const book = new FactBook(() => undefined);
  expect(book.take(provider, 0).filter(({ kind }) => kind === "prefix")).toMatchObject([
    { subject: "2001:db8:c::/48", state: "current", provider: "alpha" },
    { subject: "2001:db8:a::/48", state: "deprecated", provider: "alpha" },
  ]);
});
