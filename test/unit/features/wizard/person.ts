/** A person who answers as a test says, and looks at what is asked. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InitOptions } from "../../../../src/app/wizard/init.ts";
import type { ChoicePrompt, Prompter, TextPrompt } from "../../../../src/app/ports/prompter.ts";
import type { LabFiles } from "../../../../src/app/ports/lab-files.ts";
import type { Machine } from "../../../../src/app/ports/machine.ts";
import type { LabSource } from "../../../../src/app/ports/lab-source.ts";
import { labOnDisk } from "../../../../src/adapters/files/lab-on-disk.ts";
import { labFiles } from "../../../../src/adapters/machine/lab-file.ts";
import { Cancelled } from "../../../../src/core/model/errors.ts";
import { parseLab } from "../../../../src/core/model/lab/parse.ts";
import { UNKNOWN_MACHINE, type MachineFacts } from "../../../../src/features/wizard/machine.ts";

/** Who is told nothing. */
export const quiet = {
  welcome() {},
  provider() {},
  assumed() {},
  preview() {},
  wrong() {},
};
export const KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

/** What `mhlab init` is called with. */
export function options(file: string, more: Partial<InitOptions> = {}): InitOptions {
  return {
    file,
    folder: "two isps",
    schema: "lab.schema.json",
    force: false,
    dryRun: false,
    lab: {},
    providers: [],
    signal: new AbortController().signal,
    ...more,
  };
}

/** What the person does at a question: an answer, Enter, or Ctrl-C. */
export type Act = string | boolean | { readonly enter: true } | { readonly giveUp: true };
export const ENTER: Act = { enter: true };
export const GIVE_UP: Act = { giveUp: true };

export interface Person extends Prompter {
  /** The questions, as they were asked. */
  readonly asked: string[];
  /** What was said of answers that were refused. */
  readonly refused: string[];
}

/** Answers by a question's words; what is not named is Enter. A list is used up from its start. */
export function person(acts: Readonly<Record<string, Act | Act[]>> = {}): Person {
  const asked: string[] = [];
  const refused: string[] = [];
  const left = new Map(
    Object.entries(acts).map(([question, act]) => [question, Array.isArray(act) ? [...act] : [act]]),
  );
  const actOn = ({ message }: { message: string }): Act => {
    asked.push(message);
    const act = left.get(message)?.shift() ?? ENTER;
    if (typeof act === "object" && "giveUp" in act) throw new Cancelled({ state: "Nothing was written." });
    return act;
  };
  return {
    asked,
    refused,
    async text(prompt: TextPrompt) {
      const { message, propose, check } = prompt;
      for (;;) {
        const act = actOn(prompt);
        const answer = typeof act === "string" ? act : (propose ?? "");
        const problem = check(answer);
        if (problem === undefined) return answer;
        if (act === ENTER) throw new Error(`${message}: '${answer}' was refused: ${problem}`);
        refused.push(problem);
      }
    },
    async choose(prompt: ChoicePrompt) {
      const { message, propose, choices } = prompt;
      const act = actOn(prompt);
      const answer = typeof act === "string" ? act : (propose ?? choices[0]?.value ?? "");
      if (!choices.some(({ value }) => value === answer))
        throw new Error(`${message}: there is no '${answer}'`);
      return answer;
    },
    async confirm(prompt) {
      const { propose } = prompt;
      const act = actOn(prompt);
      return typeof act === "boolean" ? act : propose;
    },
  };
}

/** What the guided use cases need, with a person or with nobody. */
export function surroundings(
  prompter: Prompter | undefined,
  facts: MachineFacts = UNKNOWN_MACHINE,
): { prompter: Prompter | undefined; machine: Machine; files: LabFiles; source: LabSource } {
  return {
    prompter,
    machine: { look: async () => facts },
    files: labFiles,
    source: {
      ...labOnDisk,
      example: "examples/two-isps/lab.yaml",
      parse: (text, { file }) => parseLab(text, { file, env: {} }),
    },
  };
}

export const folder = (): string => mkdtempSync(join(tmpdir(), "mhlab-wizard-"));
