/** How the wizard asks where a provider's customers are connected. */
import { takenInterface } from "../links/bng.ts";
import type { LinkOffer, LinkPlace } from "../links/kind.ts";
import { ALL_KINDS, kindByKey, type AnyLinkKind } from "../links/registry.ts";
import { checkWord, parseWord, wholeWord } from "../links/word.ts";
import type { Answers, Choice, Known } from "./question.ts";
import { readBare } from "./written.ts";

/** What a person can choose from, harmless things first; values that end with a colon want more yet. */
export function linkChoices(known: Known): Choice[] {
  const place = placeOf(known);
  return ALL_KINDS.flatMap(({ wizard }) => wizard.offers(place))
    .sort((one, other) => rank(one) - rank(other))
    .map(({ value, label, explain, warning }) => ({ value, label, explain, warning }));
}

function rank({ place }: LinkOffer): number {
  return place === "first" ? 0 : place === "last" ? 2 : 1;
}

/** Whether an answer names a kind and nothing more yet. */
export function isBegun(answer: string | undefined): answer is string {
  return answer?.endsWith(":") === true && kindBegun(answer) !== undefined;
}

/** Answers without a link that is only begun, which no file can have yet. */
export function withoutBegun({ link, ...others }: Answers): Answers {
  return link === undefined || isBegun(link) ? others : { link, ...others };
}

/** How the rest of a begun word is asked for. */
export function questionFor(begun: string): string {
  return kindBegun(begun)?.wizard.question ?? "";
}

/** The whole word that is proposed for a begun one. */
export function completeLink(begun: string, known: Known): string {
  return kindBegun(begun)?.wizard.complete(placeOf(known)) ?? begun;
}

/** The completion that was chosen before, if it was of the same kind. */
export function recallCompletion({ kept, answers }: Known): string | undefined {
  const [before, begun] = [kept?.["link"], answers["link"] ?? ""];
  return before?.startsWith(begun) === true && before !== begun ? before : undefined;
}

/** The word for what a person wrote: a bare name, or the rest of a begun word. */
export function readLink(answer: string, known: Known): string {
  const begun = known.answers["link"];
  return wholeWord(readBare(answer), placeOf(known), isBegun(begun) ? begun : "");
}

/** What is wrong with the word for a link; undefined when it is right. */
export function checkLink(answer: string, known: Pick<Known, "cpes">): string | undefined {
  return checkWord(answer, known);
}

/** What a new lab file says above a link. */
export function linkComment(word: string): string | undefined {
  return kindByKey(word.split(":", 1)[0] ?? "")?.wizard.comment;
}

function kindBegun(begun: string): AnyLinkKind | undefined {
  return kindByKey(begun.slice(0, -1));
}

function placeOf({ facts, cpes, neighbours, answers }: Known): LinkPlace {
  const others = neighbours.map(({ link }) => link);
  const taken = new Set(
    others.map(parseWord).map(({ link }) => (link === undefined ? undefined : takenInterface(link))),
  );
  return {
    provider: answers["name"] ?? "customer",
    cpes,
    cards: facts.cards.filter(({ name }) => !taken.has(name)),
    bridges: facts.bridges,
    others,
  };
}
