/** Conditions in the words of a scenario: under `expect`, and in a `wait`. */
import type { Condition } from "../../experiment/model.ts";
import { domain } from "../../values/scalars-network.ts";
import { scalar } from "../../yaml/scalar.ts";
import { entryKind, type EntryKind, type EntryWords, type Shape } from "../entry.ts";
import { address, named, oneOf, prefix, source } from "../values.ts";

const AT = "The host or CPE.";
const ANSWERED = "`unanswered`: none may have an answer. Left out: `answered`.";

/** Has the words of a state as what they are. */
function condition<S extends Shape>(words: EntryWords<S, Condition>): EntryKind<Condition> {
  return entryKind(words);
}

/** Each kind by the key that it has. */
export const CONDITIONS = {
  reaches: condition({
    summary: "probes from the host or CPE to the target are answered",
    example: "{reaches: 2001:db8::1, from: home-host1, source: beta, while: [10s, 40s], within: 1s}",
    shape: {
      reaches: address("The target; it is one of probes.targets."),
      from: named("The host or CPE that sends.", "home-host1"),
      source: source(
        "From which address: a provider (each of its addresses there that is not deprecated) or one address. Left out: from any.",
      ).optional(),
      is: oneOf(["answered", "unanswered"], ANSWERED).optional(),
    },
    refs: { reaches: "target", from: "prober", source: "source" },
    read: ({ reaches, from, source: by = null, is = "answered" }) => ({
      is: "reaches",
      target: reaches,
      from,
      source: by,
      met: is === "answered",
    }),
  }),
  address: condition({
    summary: "the state of the addresses of a provider at a host or CPE",
    example: "{address: alpha, at: home-host1, is: deprecated, after: 10s, within: 5s}",
    shape: {
      address: named("The provider.", "alpha"),
      at: named(AT, "home-host1"),
      is: oneOf(
        ["preferred", "deprecated", "absent"],
        "`preferred`: at least one is; `deprecated`: there are some, and none is preferred; `absent`: there is none.",
      ),
    },
    refs: { address: "provider", at: "customer" },
    read: ({ address: provider, at, is: state }) => ({ is: "address", provider, at, state }),
  }),
  router: condition({
    summary: "whether a provider's router, or the CPE that a host is behind, is a default router there",
    example: "{router: alpha, at: pc, is: absent, after: 10s, within: 5s}",
    shape: {
      router: named("The provider, or the CPE.", "alpha"),
      at: named(AT, "home-host1"),
      is: oneOf(["present", "absent"], "Whether it is one."),
    },
    refs: { router: "router", at: "customer" },
    read: ({ router, at, is: state }) => ({ is: "router", router, at, state }),
  }),
  prefix: condition({
    summary: "the state of a prefix at a provider, or of what a CPE or host has of it",
    example: "{prefix: 2001:db8:a::/48, at: home-host1, is: absent, after: 60s, within: 10s}",
    shape: {
      prefix: prefix("The prefix, with all that lies within it."),
      at: named("The provider, CPE or host.", "home-host1"),
      is: oneOf(
        ["current", "deprecated", "withdrawn", "absent"],
        "At a host, an address that is preferred counts as `current`. The best of all that lies within counts.",
      ),
    },
    refs: { at: "member" },
    read: ({ prefix: text, at, is: state }) => ({ is: "prefix", prefix: text, at, state }),
  }),
  delegated: condition({
    summary: "the CPE has a prefix of the provider (RFC 8415)",
    example: "{delegated: beta, at: home, after: 60s, within: 30s}",
    shape: { delegated: named("The provider.", "beta"), at: named("The CPE.", "home") },
    refs: { delegated: "provider", at: "customer" },
    read: ({ delegated: provider, at }) => ({ is: "delegated", provider, at }),
  }),
  resolves: condition({
    summary: "a name has an answer in the DNS, as the host or CPE asks for it",
    example: "{resolves: internet.example, from: home-host1, after: 10s, within: 5s}",
    shape: {
      resolves: scalar(domain, { description: "The name.", examples: ["internet.example"] }),
      from: named("The host or CPE that asks.", "home-host1"),
      gives: address("The address in the answer; left out: any.").optional(),
      is: oneOf(["answered", "unanswered"], ANSWERED).optional(),
    },
    refs: { from: "customer" },
    read: ({ resolves: name, from, gives = null, is = "answered" }) => ({
      is: "resolves",
      name,
      from,
      gives,
      met: is === "answered",
    }),
  }),
} satisfies Readonly<Record<Condition["is"], EntryKind<Condition>>>;
