import { harmless, theme, type View } from "./theme.ts";
import { wrap } from "./width.ts";

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
export function promptLook({ colour, columns: width }: View): PromptLook {
  const look = theme(colour);
  const block = (text: string, as: "dim" | "bad"): string =>
    wrap(harmless(text), { width, lead: "  " })
      .map((line) => look[as](line))
      .join("\n");
  return {
    plain: harmless,
    explain: (text) => block(text, "dim"),
    warning: (text) => look.warn(harmless(text)),
    theme: {
      prefix: { idle: look.accent("?"), done: look.good("✔") },
      icon: { cursor: "❯" },
      style: {
        answer: (text) => look.accent(harmless(text)),
        message: (text) => look.strong(text.endsWith("?") ? text : `${text}:`),
        error: (text) => block(text, "bad"),
        defaultAnswer: (text) => look.dim(`(${harmless(text)})`),
        help: (text) => look.dim(text),
        highlight: (text) => look.accent(text),
        key: (text) => look.accent(text),
        description: (text) => block(text, "dim"),
        disabled: (text) => look.dim(text),
        keysHelpTip: (keys) => look.dim(`  ${keys.map(([key, action]) => `${key} ${action}`).join(" · ")}`),
      },
    },
  };
}
