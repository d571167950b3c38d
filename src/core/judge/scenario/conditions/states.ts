/** Conditions about what a node has: delegations, addresses, default routers, prefixes. */
import * as z from "zod";
import { unheardSpans } from "../../experiment/coverage.ts";
import type { Fact } from "../../experiment/record.ts";
import { addressOf, factsOf } from "../../experiment/sources.ts";
import { timelineOf, type Moment, type Timeline } from "../../experiment/timeline.ts";
import { containsAddress, containsPrefix, parsePrefix6, type Prefix6 } from "../../../model/ip6.ts";
import { named, oneOf, prefix as prefixValue } from "../entries/values.ts";
import { conditionKind, type Recorded } from "./kind.ts";

const text = z.string();
const AT = "The host or CPE.";
const at = named(AT, "home-host1");

/** Timeline of what facts of some kinds say of a node. Undefined: the node was never heard. */
function timelineAt(
  node: string,
  kinds: readonly Fact["kind"][],
  record: Recorded,
  look: (present: readonly Fact[]) => Omit<Moment, "atS"> & { readonly holds: boolean },
): Timeline | undefined {
  const own = record.facts.filter((fact) => fact.node === node);
  if (own.length === 0) return undefined;
  // What is not said from the first fact on is not there.
  const fromS = Math.min(...own.map(({ atS }) => atS));
  const facts = kinds
    .flatMap((kind) => factsOf(record, node, kind))
    .toSorted((one, other) => one.atS - other.atS);
  return timelineOf({ node, fromS, unheard: unheardSpans(record, node), facts }, look);
}

const shown = (facts: readonly Fact[]): string =>
  facts.map(({ subject, state }) => `${subject} ${state}`).join(", ");

const delegated = conditionKind("delegated", {
  summary: "the CPE has a prefix of the provider (RFC 8415)",
  example: "{delegated: beta, at: home, after: 60s, within: 30s}",
  shape: { delegated: named("The provider.", "beta"), at: named("The CPE.", "home") },
  refs: { delegated: "provider", at: "customer" },
  fields: { provider: text, at: text },
  read: ({ delegated: provider, at: node }) => ({ provider, at: node }),
  text: ({ provider, at: node }) => `${node} has a prefix of ${provider}`,
  isLack: () => false,
  timeline: ({ provider, at: node }, record) =>
    timelineAt(node, ["delegation"], record, (present) => {
      const held = present.filter((fact) => fact.provider === provider).map(({ subject }) => subject);
      return {
        holds: held.length > 0,
        text: held.length > 0 ? `${node} has ${held.join(", ")}` : `${node} has no prefix of ${provider}`,
      };
    }),
});

const address = conditionKind("address", {
  summary: "the state of the addresses of a provider at a host or CPE",
  example: "{address: alpha, at: home-host1, is: deprecated, after: 10s, within: 5s}",
  shape: {
    address: named("The provider.", "alpha"),
    at,
    is: oneOf(
      ["preferred", "deprecated", "absent"],
      "`preferred`: at least one is; `deprecated`: there are some, and none is preferred; `absent`: there is none.",
    ),
  },
  refs: { address: "provider", at: "customer" },
  fields: { provider: text, at: text, state: z.enum(["preferred", "deprecated", "absent"]) },
  read: ({ address: provider, at: node, is: state }) => ({ provider, at: node, state }),
  text: ({ provider, at: node, state }) =>
    state === "absent"
      ? `${node} has no address of ${provider}`
      : `${node}'s address of ${provider} is ${state}`,
  isLack: ({ state }) => state === "absent",
  timeline: ({ provider, at: node, state }, record) =>
    timelineAt(node, ["address"], record, (present) => {
      const own = present.filter((fact) => fact.provider === provider);
      const is = own.some((fact) => fact.state === "preferred")
        ? "preferred"
        : own.some((fact) => fact.state === "deprecated")
          ? "deprecated"
          : own.length === 0
            ? "absent"
            : "unusable";
      return { holds: is === state, text: own.length === 0 ? `no address of ${provider}` : shown(own) };
    }),
});

const router = conditionKind("router", {
  summary: "whether a provider's router, or the CPE that a host is behind, is a default router there",
  example: "{router: alpha, at: pc, is: absent, after: 10s, within: 5s}",
  shape: {
    router: named("The provider, or the CPE.", "alpha"),
    at,
    is: oneOf(["present", "absent"], "Whether it is one."),
  },
  refs: { router: "router", at: "customer" },
  fields: { router: text, at: text, state: z.enum(["present", "absent"]) },
  read: ({ router: name, at: node, is: state }) => ({ router: name, at: node, state }),
  text: ({ router: name, at: node, state }) =>
    `${name} is ${state === "present" ? "a" : "no"} default router at ${node}`,
  isLack: ({ state }) => state === "absent",
  timeline: ({ router: name, at: node, state }, record) =>
    timelineAt(node, ["router"], record, (present) => {
      // Behind a CPE every router is that CPE.
      const behind = record.nodes.includes(name);
      const found = present.filter((fact) => behind || fact.provider === name || fact.subject === name);
      return {
        holds: found.length > 0 === (state === "present"),
        text:
          found.length > 0
            ? `default router ${found.map(({ subject }) => subject).join(", ")}`
            : `no default router ${name}`,
      };
    }),
});

/** The best first. */
const PREFIX_STATES = ["current", "deprecated", "withdrawn", "absent"] as const;

const prefix = conditionKind("prefix", {
  summary: "the state of a prefix at a provider, or of what a CPE or host has of it",
  example: "{prefix: 2001:db8:a::/48, at: home-host1, is: absent, after: 60s, within: 10s}",
  shape: {
    prefix: prefixValue("The prefix, with all that lies within it."),
    at: named("The provider, CPE or host.", "home-host1"),
    is: oneOf(
      PREFIX_STATES,
      "At a host, an address that is preferred counts as `current`. The best of all that lies within counts.",
    ),
  },
  refs: { at: "node" },
  fields: { prefix: text, at: text, state: z.enum(PREFIX_STATES) },
  read: ({ prefix: wanted, at: node, is: state }) => ({ prefix: wanted, at: node, state }),
  text: ({ prefix: wanted, at: node, state }) => `${wanted} is ${state} at ${node}`,
  isLack: ({ state }) => state === "absent" || state === "withdrawn",
  timeline({ prefix: wanted, at: node, state }, record) {
    const parsed = parsePrefix6(wanted);
    if (parsed === undefined) return undefined;
    return timelineAt(node, ["prefix", "delegation", "address"], record, (present) => {
      // What a provider delegated out of a prefix does not tell the state of the prefix.
      const own = present.filter((fact) => fact.kind !== "delegation" || fact.provider !== node);
      const within = own.filter((fact) => isWithin(fact, parsed));
      const states = new Set(within.map(prefixState));
      const is = PREFIX_STATES.find((one) => states.has(one)) ?? "absent";
      return { holds: is === state, text: within.length === 0 ? `nothing of ${wanted}` : shown(within) };
    });
  },
});

function isWithin(fact: Fact, wanted: Prefix6): boolean {
  const own = parsePrefix6(fact.subject);
  if (fact.kind !== "address" && own !== undefined) return containsPrefix(wanted, own);
  const bits = addressOf(fact);
  return bits !== undefined && containsAddress(wanted, bits);
}

function prefixState({ state }: Fact): (typeof PREFIX_STATES)[number] {
  return state === "deprecated" || state === "withdrawn" ? state : "current";
}

export const STATES = { address, router, prefix, delegated };
