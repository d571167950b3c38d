/** The interview of `mhlab init`: the lab first, then its providers. */
import { labQuestions, moreQuestion } from "./lab-questions.ts";
import type { MachineFacts } from "./machine.ts";
import { providerQuestions } from "./provider-questions.ts";
import type { Answers, Known, Neighbour } from "./question.ts";
import type { Part, Script } from "./interview.ts";

export interface InitBasis {
  /** Name of the folder in which the lab file will be. */
  readonly folder: string;
  readonly facts: MachineFacts;
  /** What flags say of the lab, and of each provider. */
  readonly lab: Answers;
  readonly providers: readonly Answers[];
  /** Whether a person can be asked. */
  readonly asks: boolean;
}

/** The lab is part 0, and the providers count from 1. */
export function initScript(basis: InitBasis): Script {
  const questions = labQuestions(basis.folder);
  const given = { ...impliedBy(basis.providers), ...basis.lab };
  return (part, said) => {
    if (part === 0) return { questions, known: knowing(basis.facts), given };
    const before = said[part - 1];
    return part === 1 || before?.[moreQuestion.id] === "yes" ? providerPart(basis, part, said) : undefined;
  };
}

function providerPart(
  { facts, providers, asks }: InitBasis,
  part: number,
  [lab = {}, ...said]: readonly Answers[],
): Part {
  // One provider is no multihoming: two are taken where nobody can be asked.
  const wanted = providers.length > 0 ? providers.length : asks ? undefined : 2;
  const more = wanted === undefined ? {} : { more: part < wanted ? "yes" : "no" };
  return {
    questions: [...providerQuestions, moreQuestion],
    known: {
      ...knowing(facts),
      internet: lab["internet"] === "real" ? "real" : "bundled",
      cpes: lab["customer"] === "bundled" && lab["cpe"] !== undefined ? [lab["cpe"]] : [],
      neighbours: said.slice(0, part - 1).map(neighbourOf),
    },
    given: { ...providers[part - 1], ...more },
  };
}

/** What nobody has been asked yet. */
function knowing(facts: MachineFacts): Omit<Known, "answers"> {
  return { facts, internet: "bundled", cpes: [], neighbours: [] };
}

/** Where all providers that were given lead: to a bundled CPE, or to none. */
function impliedBy(providers: readonly Answers[]): Answers {
  const links = providers.map(({ link }) => link);
  const cpe = links.find((link) => link?.startsWith("cpe:"))?.slice("cpe:".length);
  if (cpe !== undefined) return { customer: "bundled", cpe };
  return links.length > 0 && links.every((link) => link !== undefined) ? { customer: "own" } : {};
}

function neighbourOf({ name = "", prefix = "", link = "" }: Answers): Neighbour {
  return { name, prefix, link };
}
