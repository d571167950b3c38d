/** Answers of an interview that was left, in a file beside the lab file that was to be. */
import { blockLines, lineText } from "../lab/edit-values.ts";
import { readLoosely } from "../lab/edit.ts";
import { moreQuestion } from "./lab-questions.ts";
import type { Answers } from "./question.ts";

/** Where the draft of a lab file is. */
export function draftFile(file: string): string {
  return `${file}.draft`;
}

/** A draft: what was answered about the lab, and about each provider. */
export function draftText(file: string, [lab = {}, ...providers]: readonly Answers[]): string {
  return [
    `# Answers to the questions of mhlab; \`mhlab init ${file}\` goes on from here.`,
    ...blockLines({ lab }, ["lab"]),
    ...(providers.length === 0 ? [] : ["providers:", ...providers.map((one) => `  - ${lineText(one)}`)]),
    "",
  ].join("\n");
}

/** The answers in a draft; undefined when it is none. What is wrong with one of them is said when it is looked at. */
export function readDraft(text: string): Answers[] | undefined {
  const { lab, providers = [] } = readLoosely(text) ?? {};
  if (!isAnswers(lab) || !Array.isArray(providers) || !providers.every(isAnswers)) return undefined;
  // Who has answered about a second provider wanted one.
  return [
    lab,
    ...providers.map((one, index) =>
      index + 1 < providers.length ? { ...one, [moreQuestion.id]: "yes" } : one,
    ),
  ];
}

function isAnswers(value: unknown): value is Answers {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((answer) => typeof answer === "string")
  );
}
