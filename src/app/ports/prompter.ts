import type { Choice } from "../../features/wizard/question.ts";

/** Asks a person at a terminal. Every method rejects with Cancelled on Ctrl-C. */
export interface Prompter {
  text(prompt: TextPrompt): Promise<string>;
  choose(prompt: ChoicePrompt): Promise<string>;
  confirm(prompt: PromptBasics & { readonly propose: boolean }): Promise<boolean>;
}

interface PromptBasics {
  readonly message: string;
  /** Shown above. */
  readonly explain?: string | undefined;
}

export interface TextPrompt extends PromptBasics {
  /** What Enter takes. */
  readonly propose?: string | undefined;
  /** The answer in mhlab's notation, as it is shown. */
  readonly read: (answer: string) => string;
  /** What is wrong with an answer, so that it is asked again. */
  readonly check: (answer: string) => string | undefined;
}

export interface ChoicePrompt extends PromptBasics {
  readonly propose?: string | undefined;
  readonly choices: readonly Choice[];
}
