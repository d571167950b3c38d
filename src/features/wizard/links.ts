/** The question where a provider's customers are connected. */
import { takenInterface } from "../../core/model/links/bng.ts";
import type { LinkOffer, LinkPlace } from "../../core/model/links/kind.ts";
import { ALL_KINDS, kindByKey } from "../../core/model/links/registry.ts";
import { checkWord, parseWord, wholeWord } from "../../core/model/links/word.ts";
import type { Choice, Known, Question } from "./question.ts";
import { readBare } from "./written.ts";

export const linkQuestion: Question = {
  id: "link",
  kind: "choice",
  message: "Where its customer is connected",
  when: ({ cpes, current }) => cpes.length !== 1 || current !== undefined,
  imply: ({ cpes: [only] }) => `cpe:${only}`,
  propose(known) {
    const free = known.facts.cards.find(({ carrier, against }) => carrier && against === undefined);
    const card = free === undefined ? "veth:" : `interface:${free.name}`;
    return known.cpes[0] === undefined ? card : `cpe:${known.cpes[0]}`;
  },
  // A veth pair takes nothing away from the host.
  assume: (known) => (known.cpes[0] === undefined ? completed("veth:", known) : `cpe:${known.cpes[0]}`),
  choices(known) {
    const current = known.current?.["link"];
    const offered = linkChoices(known);
    if (current === undefined || offered.some(({ value }) => value === current)) return offered;
    return [
      { value: current, label: current === "" ? "as it is in the file" : `${current}, as it is` },
      ...offered,
    ];
  },
  more(choice, known) {
    const kind = kindByKey(choice.slice(0, -1));
    if (kind === undefined || !choice.endsWith(":")) return undefined;
    return {
      id: "link",
      kind: "text",
      message: kind.wizard.question,
      propose: () => completed(choice, known),
      read: (answer) => wholeWord(readBare(answer), placeOf(known), choice),
      check: checkWord,
    };
  },
  read: (answer, known) => wholeWord(readBare(answer), placeOf(known)),
  check: checkWord,
};

/** The links to choose from, harmless ones first; values that end with a colon need a name. */
export function linkChoices(known: Known): Choice[] {
  const place = placeOf(known);
  return ALL_KINDS.flatMap(({ wizard }) => wizard.offers(place))
    .sort((one, other) => rank(one) - rank(other))
    .map(({ value, label, explain, warning }) => ({ value, label, explain, warning }));
}

function rank({ place }: LinkOffer): number {
  return place === "first" ? 0 : place === "last" ? 2 : 1;
}

function completed(choice: string, known: Known): string {
  return kindByKey(choice.slice(0, -1))?.wizard.complete(placeOf(known)) ?? choice;
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
