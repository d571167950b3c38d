import type { Change, Entry } from "../lab/edit.ts";
import type { Value } from "../lab/edit-values.ts";
import { linkOf, subscriberValue } from "./links.ts";
import { wordsOf } from "./provider-questions.ts";
import type { Answers, Neighbour } from "./question.ts";

/** Where each answer stands in a provider of the lab file. */
const PLACES = {
  name: ["name"],
  prefix: ["prefix"],
  endpoint: ["wireguard", "endpoint"],
  peer: ["wireguard", "peer"],
  address: ["wireguard", "address"],
  length: ["delegation", "length"],
  preferred: ["delegation", "preferred"],
  valid: ["delegation", "valid"],
  link: ["subscriber"],
  dns: ["dns"],
} as const satisfies Record<string, readonly string[]>;

/** A provider of the lab file as its answers say. */
export function providerEntry(answers: Answers): Entry {
  const usual = answers["defaults"] === "yes";
  const given = (id: string): string | undefined => answers[id] || undefined;
  const detail = (id: string): string | undefined => (usual ? undefined : given(id));
  const dns = wordsOf(detail("dns") ?? "");
  return {
    name: answers["name"] ?? "",
    prefix: answers["prefix"] ?? "",
    wireguard: group({ endpoint: given("endpoint"), peer: given("peer"), address: given("address") }),
    delegation: group({ length: detail("length"), preferred: detail("preferred"), valid: detail("valid") }),
    subscriber: given("link") === undefined ? undefined : subscriberValue(answers["link"] ?? ""),
    dns: dns.length === 0 ? undefined : dns,
  };
}

/** The answers that a provider of the lab file stands for; what they cannot say is empty. */
export function answersOf(entry: unknown): Answers {
  return Object.fromEntries(
    Object.entries(PLACES).map(([id, path]) => {
      const value = path.reduce<unknown>((at, key) => record(at)[key], entry);
      if (id === "link") return [id, linkOf(value)];
      if (Array.isArray(value)) return [id, value.join(" ")];
      return [id, typeof value === "string" ? value : ""];
    }),
  );
}

/** What has to change in a provider so that it says what the new answers say. */
export function changesBetween(before: Answers, after: Answers): Change[] {
  return Object.entries(PLACES).flatMap(([id, path]) => {
    const answer = after[id];
    if (answer === undefined || answer === (before[id] ?? "")) return [];
    return [{ path, value: valueOf(id, answer) }];
  });
}

/** The providers of a loosely read lab file. */
export function neighboursIn(data: Record<string, unknown>): Neighbour[] {
  return entriesIn(data, "providers").map((entry) => {
    const { name = "", prefix = "", link = "" } = answersOf(entry);
    return { name, prefix, link };
  });
}

/** The entries of `providers` or `cpes` in a loosely read lab file. */
export function entriesIn(
  data: Record<string, unknown>,
  list: "providers" | "cpes",
): Record<string, unknown>[] {
  const entries = data[list];
  return Array.isArray(entries) ? entries.map(record) : [];
}

function valueOf(id: string, answer: string): Value | undefined {
  if (answer === "") return undefined;
  if (id === "link") return subscriberValue(answer);
  return id === "dns" ? wordsOf(answer) : answer;
}

function group(values: { readonly [key: string]: string | undefined }): Value | undefined {
  return Object.values(values).every((value) => value === undefined) ? undefined : values;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
