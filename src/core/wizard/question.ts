import type { AnySetting } from "../settings/setting.ts";
import { BadValue, type ReadScalar } from "../values/scalars.ts";
import type { MachineFacts } from "./machine.ts";

/** Answers by the id of their question; an empty one means mhlab's default. */
export type Answers = Readonly<Record<string, string>>;

/** A provider that the lab has already. */
export interface Neighbour {
  readonly name: string;
  readonly prefix: string;
  readonly link: string;
}

/** All that a question may look at. */
export interface Known {
  readonly facts: MachineFacts;
  readonly internet: "bundled" | "real";
  readonly cpes: readonly string[];
  readonly neighbours: readonly Neighbour[];
  /** What was answered before in the same round. */
  readonly answers: Answers;
  /** What stands in the file, when an entry is edited. */
  readonly current?: Answers | undefined;
  /** What was answered before in this part, or stands in the file: proposed first. */
  readonly kept?: Answers | undefined;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** A word of warning. */
  readonly warning?: string | undefined;
  /** Shown while the cursor is on it. */
  readonly explain?: string;
}

/** One question as data: asked at a terminal, answered by a flag, or assumed. */
export interface Question {
  readonly id: string;
  /** The flag that answers it, as the user types it. */
  readonly flag: string;
  readonly kind: "text" | "choice" | "confirm";
  readonly message: string | ((known: Known) => string);
  /** One line above the question. */
  readonly explain?: string | ((known: Known) => string | undefined);
  /** Whether it is asked at all; a flag answers it anyway. */
  when?(known: Known): boolean;
  /** What holds without a word when it is not asked. */
  imply?(known: Known): string | undefined;
  /** Why a flag for it makes no sense here. */
  refuse?(known: Known): string | undefined;
  /** What Enter takes, unless it was answered before. */
  propose?(known: Known): string | undefined;
  /** The question from whose answer the proposal follows. */
  readonly follows?: string;
  /** What was answered before, when that is not simply the answer of its id. */
  recall?(known: Known): string | undefined;
  /** What is taken without a terminal, if not the proposal; undefined: the flag is needed. */
  assume?(known: Known): string | undefined;
  choices?(known: Known): readonly Choice[];
  /** The answer as mhlab writes it, for what a person wrote. */
  read?(answer: string, known: Known): string;
  /** What is wrong with an answer. */
  check(answer: string, known: Known): string | undefined;
}

/** What Enter takes: what was answered before, else what is proposed. */
export function proposalOf(question: Question, known: Known): string | undefined {
  const before = question.recall === undefined ? known.kept?.[question.id] : question.recall(known);
  return before ?? question.propose?.(known);
}

/** What is wrong with an answer; what stands in the file may come from a variable, and is right as it is. */
export function problemWith(question: Question, answer: string, known: Known): string | undefined {
  return answer === known.current?.[question.id] ? undefined : question.check(answer, known);
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
  if (lab === undefined || "records" in lab)
    throw new TypeError("only what is written in words is asked for");
  if ("one" in lab) return checkBy(lab.one.read);
  const check = checkBy(lab.many.read);
  return (answer) =>
    wordsOf(answer)
      .map(check)
      .find((problem) => problem !== undefined);
}

/** The words of an answer that takes several. */
export function wordsOf(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== "");
}

/** Checks `yes` and `no`. */
export function checkYesNo(answer: string): string | undefined {
  return answer === "yes" || answer === "no" ? undefined : `'${answer}' is neither yes nor no`;
}
