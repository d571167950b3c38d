/** Where a provider's customers are, as one word of the command line: `cpe:home`, `vlan:enp2s0:101`. */
import type { Value } from "../yaml/edit-values.ts";
import { BadValue } from "../values/scalars.ts";
import { eitherOf } from "./grammar.ts";
import type { LinkPlace } from "./kind.ts";
import { ALL_KINDS, kindByKey, kindOf, type SubscriberLink } from "./registry.ts";

/** The forms of the word, for messages. */
const WORD_FORMS = eitherOf(ALL_KINDS.flatMap(({ word }) => word.forms));

/** What a bare name may stand for. */
export type KnownNames = Pick<LinkPlace, "cpes" | "bridges">;

/**
 * The whole word for what a person wrote: `eth9` is an interface, `br-lab` a bridge when the host has one of that name.
 * `begun` is a word that was chosen and wants the rest: `vlan:`.
 */
export function wholeWord(answer: string, { cpes, bridges }: KnownNames, begun = ""): string {
  const [key = ""] = answer.split(":");
  if (answer === "" || kindByKey(key) !== undefined) return answer;
  if (begun !== "") return `${begun}${kindByKey(begun.slice(0, -1))?.wizard.read?.(answer) ?? answer}`;
  if (answer !== key) return answer;
  if (cpes.includes(answer)) return `cpe:${answer}`;
  return bridges.includes(answer) ? `bridge:${answer}` : `interface:${answer}`;
}

/** Whether it is a name without a kind, for which one has to look at the host. */
export function isBare(answer: string | undefined): boolean {
  return answer !== undefined && answer !== "" && !answer.includes(":");
}

/** Reads the word for a link, or says what is wrong with it. */
export function parseWord(
  word: string,
): { link: SubscriberLink; problem?: never } | { link?: never; problem: string } {
  const [key = "", ...parts] = word.split(":");
  const kind = parts.length === 0 ? undefined : kindByKey(key);
  if (kind === undefined) return { problem: `'${word}' is no link: write ${WORD_FORMS}` };
  const link = kind.word.read(parts);
  return link instanceof BadValue ? { problem: `${link.message}: ${link.hint}` } : { link };
}

/** What is wrong with the word for a link of a lab; undefined when it is right. */
export function checkWord(word: string, place: Pick<LinkPlace, "cpes">): string | undefined {
  const { link, problem } = parseWord(word);
  return link === undefined ? problem : kindOf(link).wizard.refuse?.(link, place);
}

/** Writes a link so that parseWord reads the same. */
export function formatWord(link: SubscriberLink): string {
  const { key, word } = kindOf(link);
  return [key, ...word.write(link)].join(":");
}

/** The `subscriber` of a lab file for the word for a link. Throws TypeError when that is none. */
export function subscriberValue(word: string): Value {
  const { link, problem } = parseWord(word);
  if (link === undefined) throw new TypeError(problem);
  const { key, yaml } = kindOf(link);
  return { [key]: yaml.value(link) };
}

/** The word for a `subscriber` of a lab file that was read loosely; empty when it is none that has one. */
export function wordOf(subscriber: unknown): string {
  if (typeof subscriber !== "object" || subscriber === null) return "";
  const [[key, value] = ["", undefined], ...others] = Object.entries(subscriber) as [string, unknown][];
  const parts = others.length > 0 ? undefined : kindByKey(key)?.yaml.parts(value);
  return parts === undefined ? "" : [key, ...parts].join(":");
}
