import type { Change, Entry } from "../lab/edit.ts";
import type { Value } from "../lab/edit-values.ts";
import { subscriberValue, wordOf } from "../links/word.ts";
import { entries } from "../settings/registry.ts";
import { isDetail } from "./details.ts";
import { wordsOf, type Answers, type Neighbour } from "./question.ts";

/** Where an answer stands in a provider of the lab file. */
interface Place {
  readonly id: string;
  readonly path: readonly string[];
  /** Left out when the usual is wanted. */
  readonly detail: boolean;
  readonly value: (answer: string) => Value | undefined;
}

const settingPlaces: readonly Place[] = entries.flatMap(({ setting }) => {
  const { ask, path, codec } = setting;
  if (ask === undefined || path === undefined) return [];
  const many = codec.lab !== undefined && "many" in codec.lab;
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

/** Where answers stand in a provider of the lab file, with dots between keys, and their ids. */
export const answerPlaces: readonly (readonly [path: string, id: string])[] = PLACES.map(({ id, path }) => [
  path.join("."),
  id,
]);

/** A provider of the lab file as its answers say. */
export function providerEntry(answers: Answers): Entry {
  const entry: Record<string, Value> = {};
  for (const { id, path, detail, value } of PLACES) {
    const answer = detail && answers["defaults"] === "yes" ? "" : (answers[id] ?? "");
    const [key = "", inner] = path;
    const written = answer === "" ? undefined : value(answer);
    if (written === undefined) continue;
    entry[key] = inner === undefined ? written : { ...(entry[key] as object), [inner]: written };
  }
  return entry;
}

/** The answers that a provider of the lab file stands for; what they cannot say is empty. */
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

/** What has to change in a provider so that it says what the new answers say. */
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
