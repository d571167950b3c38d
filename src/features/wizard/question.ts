import type { AnySetting } from "../../core/model/settings/setting.ts";
import { BadValue, type ReadScalar } from "../../core/model/values/scalars.ts";
import type { MachineFacts } from "./machine.ts";

/** Answers by the id of their question; an empty one means mhlab's default. */
export type Answers = Readonly<Record<string, string>>;

/** A provider that the lab file already has. */
export interface Neighbour {
  readonly name: string;
  readonly prefix: string;
  readonly link: string;
}

/** What a question can depend on. */
export interface Known {
  readonly facts: MachineFacts;
  readonly internet: "bundled" | "real";
  readonly cpes: readonly string[];
  readonly neighbours: readonly Neighbour[];
  /** The answers to the questions before it. */
  readonly answers: Answers;
  /** The entry of the file, when one is edited: its values are proposed first. */
  readonly current?: Answers | undefined;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly warning?: string | undefined;
  /** Shown while the cursor is on it. */
  readonly explain?: string;
}

/** One question as data: asked at a terminal, answered by an option, or answered by its default. */
export interface Question {
  readonly id: string;
  readonly kind: "text" | "choice" | "confirm";
  readonly message: string | ((known: Known) => string);
  /** One line above the question. */
  readonly explain?: string | ((known: Known) => string | undefined);
  /** Whether it is asked at all; an option answers it anyway. */
  when?(known: Known): boolean;
  /** The answer when it is not asked. */
  imply?(known: Known): string | undefined;
  /** Why an option for it makes no sense here. */
  refuse?(known: Known): string | undefined;
  /** What Enter takes, unless the file has a value. */
  propose?(known: Known): string | undefined;
  /** The answer without a terminal, if not the proposal; undefined: the option is required. */
  assume?(known: Known): string | undefined;
  choices?(known: Known): readonly Choice[];
  /** The question that completes a choice, such as the name of a bridge. */
  more?(choice: string, known: Known): Question | undefined;
  /** The answer in mhlab's notation for what a person typed. */
  read?(answer: string, known: Known): string;
  /** What is wrong with an answer. */
  check(answer: string, known: Known): string | undefined;
}

/** Checks an answer by a reader of the lab file's values. */
export function checkBy(read: ReadScalar<unknown>): (answer: string) => string | undefined {
  return (answer) => {
    const value = read(answer);
    return value instanceof BadValue ? `${value.message}: ${value.hint}` : undefined;
  };
}

/** Checks an answer that gives a setting; of several values, each. */
export function checkSetting({ codec: { lab } }: AnySetting): (answer: string) => string | undefined {
  if ("records" in lab) throw new TypeError("the wizard asks for scalars only");
  if ("one" in lab) return checkBy(lab.one.read);
  const check = checkBy(lab.many.read);
  return (answer) =>
    wordsOf(answer)
      .map(check)
      .find((problem) => problem !== undefined);
}

/** Splits an answer that takes several values. */
export function wordsOf(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== "");
}
