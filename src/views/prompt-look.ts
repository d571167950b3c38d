import { harmless, theme } from "./theme.ts";

/** How questions look; the shape that inquirer's themes have. */
export interface PromptLook {
  /** Text of others, as it may be shown. */
  readonly plain: (text: string) => string;
  readonly explain: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly theme: {
    readonly prefix: { readonly idle: string; readonly done: string };
    readonly icon: { readonly cursor: string };
    readonly style: {
      answer(text: string): string;
      message(text: string): string;
      error(text: string): string;
      defaultAnswer(text: string): string;
      help(text: string): string;
      highlight(text: string): string;
      key(text: string): string;
      description(text: string): string;
      disabled(text: string): string;
      keysHelpTip(keys: [key: string, action: string][]): string;
    };
  };
}

/** The look of questions, with or without colour. */
export function promptLook(colour: boolean): PromptLook {
  const look = theme(colour);
  return {
    plain: harmless,
    explain: (text) => look.dim(`  ${harmless(text)}`),
    warning: (text) => look.warn(harmless(text)),
    theme: {
      prefix: { idle: look.accent("?"), done: look.good("✔") },
      icon: { cursor: "❯" },
      style: {
        answer: (text) => look.accent(text),
        message: (text) => look.strong(text.endsWith("?") ? text : `${text}:`),
        error: (text) => look.bad(`  ${text}`),
        defaultAnswer: (text) => look.dim(`(${text})`),
        help: (text) => look.dim(text),
        highlight: (text) => look.accent(text),
        key: (text) => look.accent(text),
        description: (text) => look.dim(`  ${text}`),
        disabled: (text) => look.dim(text),
        keysHelpTip: (keys) => look.dim(`  ${keys.map(([key, action]) => `${key} ${action}`).join(" · ")}`),
      },
    },
  };
}
