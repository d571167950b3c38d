import type { Choice } from "../../core/wizard/question.ts";

/** Asks a person at a terminal. Every method rejects with Cancelled when the person gives up. */
export interface Prompter {
  text(prompt: TextPrompt): Promise<string>;
  choose(prompt: ChoicePrompt): Promise<string>;
  confirm(prompt: ConfirmPrompt): Promise<boolean>;
}

interface PromptBasics {
  readonly message: string;
  /** One line that is shown above. */
  readonly explain?: string | undefined;
}

export interface TextPrompt extends PromptBasics {
  /** What Enter takes. */
  readonly propose?: string | undefined;
  /** What is wrong with an answer, so that it is asked again. */
  readonly check: (answer: string) => string | undefined;
}

export interface ChoicePrompt extends PromptBasics {
  readonly propose?: string | undefined;
  readonly choices: readonly Choice[];
}

export interface ConfirmPrompt extends PromptBasics {
  readonly propose: boolean;
}
