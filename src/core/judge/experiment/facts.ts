/** What statuses say of a lab, as facts that begin and end: what the judge and the report read, and waits look at. */
import { containsAddress, parseIp6, parsePrefix6 } from "../../model/ip6.ts";
import type { NodeStatus, StatusOf } from "../../model/status/model.ts";
import type { Fact } from "./record.ts";

/** A fact that holds; `state` is never null. */
type Holding = Omit<Fact, "atS" | "node"> & { readonly state: string };

/** Who stands between a host and the providers: the name of its CPE; undefined on a LAN that providers share. */
export type CpeOf = (host: string) => string | undefined;

/** Remembers what holds of each node, and tells what begins and ends. */
export class FactBook {
  readonly #cpeOf: CpeOf;
  readonly #holding = new Map<string, ReadonlyMap<string, Holding>>();

  constructor(cpeOf: CpeOf) {
    this.#cpeOf = cpeOf;
  }

  /** What another status makes of what is known. */
  take(status: NodeStatus, atS: number): Fact[] {
    return this.#set(status.name, indexed(holdingOf(status, this.#cpeOf)), atS);
  }

  /** A node that is not heard any more: what was known of it stays, but it is not ready. */
  lose(node: string, atS: number): Fact[] {
    const before = this.#holding.get(node);
    if (before === undefined) return [];
    const rest = [...before].filter(([, { kind }]) => kind !== "ready");
    return this.#set(node, new Map(rest), atS);
  }

  /** All that holds now, as facts of that moment. */
  all(atS: number): Fact[] {
    return [...this.#holding].flatMap(([node, facts]) =>
      [...facts.values()].map((fact) => ({ atS, node, ...fact })),
    );
  }

  #set(node: string, now: ReadonlyMap<string, Holding>, atS: number): Fact[] {
    const before = this.#holding.get(node) ?? new Map<string, Holding>();
    this.#holding.set(node, now);
    const gone = [...before]
      .filter(([key]) => !now.has(key))
      .map(([, fact]): Fact => ({ atS, node, ...fact, state: null }));
    const come = [...now]
      .filter(([key, fact]) => before.get(key)?.state !== fact.state)
      .map(([, fact]): Fact => ({ atS, node, ...fact }));
    return [...gone, ...come];
  }
}

function indexed(facts: readonly Holding[]): Map<string, Holding> {
  return new Map(facts.map((fact) => [`${fact.kind} ${fact.subject} ${fact.provider ?? ""}`, fact]));
}

const READERS = {
  bng: ofProvider,
  cpe: ofCpe,
  host: ofHost,
  internet: () => [],
  keeper: () => [],
} as const satisfies { readonly [R in keyof StatusOf]: (status: StatusOf[R], cpeOf: CpeOf) => Holding[] };

function holdingOf(status: NodeStatus, cpeOf: CpeOf): Holding[] {
  const { name, ready } = status;
  const readiness = {
    kind: "ready",
    subject: name,
    provider: null,
    state: ready ? "ready" : "waiting",
  } as const;
  return [readiness, ...READERS[status.role](status as never, cpeOf)];
}

/** What a provider leased, and the state of each prefix that it has. */
function ofProvider({ name, prefixes, delegations }: StatusOf["bng"]): Holding[] {
  return [
    ...prefixes.map(({ prefix, state }): Holding => ({
      kind: "prefix",
      subject: prefix,
      provider: name,
      state,
    })),
    ...delegations.map(({ prefix, routed }): Holding => ({
      kind: "delegation",
      subject: prefix,
      provider: name,
      state: routed ? "routed" : "leased",
    })),
  ];
}

/** What a CPE was delegated, its addresses, and by whom it leaves. */
function ofCpe({ wans, lan }: StatusOf["cpe"]): Holding[] {
  const ofWans = wans.flatMap(({ provider, addresses, defaultRouter, delegatedPrefix, formerPrefixes }) => [
    ...addresses.map((subject): Holding => ({ kind: "address", subject, provider, state: "preferred" })),
    ...(defaultRouter === null
      ? []
      : [{ kind: "router", subject: defaultRouter, provider, state: "present" } as const]),
    ...(delegatedPrefix === null
      ? []
      : ([
          { kind: "delegation", subject: delegatedPrefix, provider, state: "delegated" },
          { kind: "prefix", subject: delegatedPrefix, provider, state: "current" },
        ] as const)),
    ...formerPrefixes.map(({ prefix, usable }): Holding => ({
      kind: "prefix",
      subject: prefix,
      provider,
      state: usable ? "deprecated" : "withdrawn",
    })),
  ]);
  const known = ofWans.filter(({ kind }) => kind === "prefix");
  const ofLan = lan.addresses.flatMap((address): Holding[] => {
    const bare = address.replace(/\/.*$/, "");
    const from = known.find(({ subject }) => isIn(bare, subject));
    if (from === undefined) return [];
    const state = from.state === "current" ? "preferred" : "deprecated";
    return [{ kind: "address", subject: bare, provider: from.provider, state }];
  });
  return [...ofWans, ...ofLan];
}

/** A host's addresses with what may be done with each, and its default routers. Behind a CPE the router is the CPE. */
function ofHost({ name, addresses, defaultRouters }: StatusOf["host"], cpeOf: CpeOf): Holding[] {
  return [
    ...addresses.map(({ address, provider, state }): Holding => ({
      kind: "address",
      subject: address,
      provider,
      state,
    })),
    ...defaultRouters.map(({ address, provider }): Holding => ({
      kind: "router",
      subject: address,
      provider: provider ?? cpeOf(name) ?? null,
      state: "present",
    })),
  ];
}

function isIn(address: string, prefix: string): boolean {
  const [one, other] = [parseIp6(address), parsePrefix6(prefix)];
  return one !== undefined && other !== undefined && containsAddress(other, one);
}
