import type { Choice } from "../../core/wizard/question.ts";

/**
 * Asks a person at a terminal. Every method rejects with Cancelled when the person gives up, and with WentBack when
 * they go back and the prompt allows it.
 */
export interface Prompter {
  text(prompt: TextPrompt): Promise<string>;
  choose(prompt: ChoicePrompt): Promise<string>;
  confirm(prompt: ConfirmPrompt): Promise<boolean>;
}

/** The person wants to answer the question before once more. */
export class WentBack extends Error {
  override readonly name = "WentBack";
}

interface PromptBasics {
  readonly message: string;
  /** Shown above. */
  readonly explain?: string | undefined;
  /** Whether there is a question to go back to. */
  readonly back?: boolean;
}

export interface TextPrompt extends PromptBasics {
  /** What Enter takes. */
  readonly propose?: string | undefined;
  /** The answer as it is taken, which is what is shown of it. */
  readonly read: (answer: string) => string;
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
