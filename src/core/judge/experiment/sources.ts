/** Whose the source addresses of probes are, and which of them a new connection may use. */
import { containsAddress, parseIp6, parseInterfaceAddress6, parsePrefix6 } from "../../model/ip6.ts";
import type { Fact } from "./record.ts";
import type { Observed } from "./record.ts";
import { without, type Span } from "./spans.ts";

type Known = Pick<Observed, "facts" | "durationS">;

/** Facts of one kind about a node, in order. */
export function factsOf({ facts }: Pick<Observed, "facts">, node: string, kind: Fact["kind"]): Fact[] {
  return facts
    .filter((fact) => fact.node === node && fact.kind === kind)
    .toSorted((one, other) => one.atS - other.atS);
}

/** Tells whose an address of a node is: undefined when nothing is known of it. */
export function ownersOf({
  facts,
}: Pick<Observed, "facts">): (node: string, address: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (node, address) => {
    const key = `${node} ${address}`;
    if (!known.has(key)) known.set(key, ownerOf(facts, node, address));
    return known.get(key);
  };
}

function ownerOf(facts: readonly Fact[], node: string, address: string): string | undefined {
  const bits = parseIp6(address);
  if (bits === undefined) return undefined;
  const owned = facts.filter(({ provider }) => provider !== null);
  const own = owned.find((fact) => fact.kind === "address" && fact.node === node && addressOf(fact) === bits);
  const of = (kind: Fact["kind"]): Fact | undefined =>
    owned
      .filter((fact) => fact.kind === kind && covers(fact, bits))
      .toSorted((one, other) => lengthOf(other) - lengthOf(one))[0];
  return (own ?? of("delegation") ?? of("prefix"))?.provider ?? undefined;
}

/** The address that a fact is about, with or without a length behind it. */
export function addressOf({ subject }: Fact): bigint | undefined {
  return parseIp6(subject) ?? parseInterfaceAddress6(subject)?.address;
}

function covers({ subject }: Fact, bits: bigint): boolean {
  const prefix = parsePrefix6(subject);
  return prefix !== undefined && containsAddress(prefix, bits);
}

function lengthOf({ subject }: Fact): number {
  return parsePrefix6(subject)?.length ?? 0;
}

/** When each address of a node was in a state; undefined when nothing is known of its addresses. */
export interface Addresses {
  readonly preferred: ReadonlyMap<bigint, readonly Span[]>;
  readonly deprecated: ReadonlyMap<bigint, readonly Span[]>;
}

/** The states of a node's addresses over time. */
export function addressesOf(record: Known, node: string): Addresses | undefined {
  const facts = factsOf(record, node, "address");
  if (facts.length === 0) return undefined;
  const [preferred, deprecated] = [new Map<bigint, Span[]>(), new Map<bigint, Span[]>()];
  for (const fact of facts) {
    const bits = addressOf(fact);
    if (bits === undefined) continue;
    const next = facts.find((other) => other.atS > fact.atS && addressOf(other) === bits);
    const states =
      fact.state === "preferred" ? preferred : fact.state === "deprecated" ? deprecated : undefined;
    if (states === undefined) continue;
    // Of two facts at one moment the later one counts.
    if (facts.findLast((other) => other.atS === fact.atS && addressOf(other) === bits) !== fact) continue;
    const span: Span = [fact.atS, next?.atS ?? Math.max(record.durationS, fact.atS)];
    states.set(bits, [...(states.get(bits) ?? []), span]);
  }
  return { preferred, deprecated };
}

/**
 * When a new connection may use an address: while it is preferred, or deprecated and there is no preferred one (RFC 6724,
 * rule 3). Without knowledge of addresses: always.
 */
export function usableSpans(
  addresses: Addresses | undefined,
  address: string,
  durationS: number,
): readonly Span[] {
  const all: Span = [0, durationS];
  const bits = parseIp6(address);
  if (addresses === undefined || bits === undefined) return [all];
  const { preferred, deprecated } = addresses;
  const noneBetter = without(all, [...preferred.values()].flat());
  const fallback = (deprecated.get(bits) ?? []).flatMap(([from, to]) =>
    noneBetter.map(([begin, end]): Span => [Math.max(from, begin), Math.min(to, end)]),
  );
  return [...(preferred.get(bits) ?? []), ...fallback].filter(([from, to]) => from < to);
}
