import type { Change, Entry } from "../../core/model/lab/edit.ts";
import type { Value } from "../../core/model/yaml/edit-values.ts";
import { subscriberValue, wordOf } from "../../core/model/links/word.ts";
import { entries } from "../../core/model/settings/registry.ts";
import { isDetail } from "./provider-questions.ts";
import { wordsOf, type Answers, type Neighbour } from "./question.ts";

/** Where the lab file has an answer, in the entry of the provider. */
interface Place {
  readonly id: string;
  readonly path: readonly string[];
  /** Left out when the defaults are wanted. */
  readonly detail: boolean;
  readonly value: (answer: string) => Value | undefined;
}

const settingPlaces: readonly Place[] = entries.flatMap(({ setting }) => {
  const { ask, path, codec } = setting;
  if (ask === undefined) return [];
  const many = "many" in codec.lab;
  return {
    id: ask.flag,
    path: path.split("."),
    detail: isDetail(setting),
    value: (answer) => (many ? wordsOf(answer) : answer),
  };
});
const isOwnKey = ({ path, detail }: Place): boolean => detail && path.length === 1;

/** In the order in which a new provider is written. */
const PLACES: readonly Place[] = [
  ...settingPlaces.filter((place) => !isOwnKey(place)),
  { id: "link", path: ["subscriber"], detail: false, value: subscriberValue },
  ...settingPlaces.filter(isOwnKey),
];

/** Returns the provider's entry in the lab file for answers. */
export function providerEntry(answers: Answers): Entry {
  const entry: Record<string, Value> = {};
  for (const { id, path, value } of PLACES) {
    const answer = answers[id] ?? "";
    const [key = "", inner] = path;
    const written = answer === "" ? undefined : value(answer);
    if (written === undefined) continue;
    entry[key] = inner === undefined ? written : { ...(entry[key] as object), [inner]: written };
  }
  return entry;
}

/** Returns the answers that give a provider's entry; values that no answer can give are empty. */
export function answersOf(entry: unknown): Answers {
  return Object.fromEntries(
    PLACES.map(({ id, path }) => {
      const value = path.reduce<unknown>((at, key) => record(at)[key], entry);
      if (id === "link") return [id, wordOf(value)];
      if (Array.isArray(value)) return [id, value.join(" ")];
      return [id, typeof value === "string" ? value : ""];
    }),
  );
}

/** Returns the changes of an entry from one set of answers to another. */
export function changesBetween(before: Answers, after: Answers): Change[] {
  return PLACES.flatMap(({ id, path, value }) => {
    const answer = after[id];
    if (answer === undefined || answer === (before[id] ?? "")) return [];
    return [{ path, value: answer === "" ? undefined : value(answer) }];
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
  const found = data[list];
  return Array.isArray(found) ? found.map(record) : [];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
