import type { Prompter } from "../../app/ports/prompter.ts";
import { Cancelled } from "../../core/errors.ts";

/** How questions look. */
export interface InquirerLook {
  /** Text of others, as it may be shown. */
  readonly plain: (text: string) => string;
  readonly explain: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly theme: object;
}

export interface InquirerOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  readonly look: InquirerLook;
}

const GIVEN_UP: ReadonlySet<string> = new Set(["ExitPromptError", "AbortPromptError"]);
const PAGE = 10;

/** Asks by inquirer; Ctrl-C and an aborted signal end a question with Cancelled. */
export async function openPrompter({ input, output, signal, look }: InquirerOptions): Promise<Prompter> {
  const { createPromptModule } = (await import("inquirer")).default;
  const prompt = createPromptModule({ input, output, signal });
  const { theme } = look;

  const explain = (text: string | undefined): void => {
    if (text !== undefined) output.write(`${look.explain(text)}\n`);
  };

  return {
    async text({ message: said, explain: line, propose, check }) {
      explain(line);
      const message = look.plain(said);
      const validate = (value: string): true | string => check(value.trim()) ?? true;
      const question = { type: "input", name: "answer", message, theme, validate } as const;
      const all = propose === undefined ? question : { ...question, default: propose };
      return (await answer<string>(prompt<{ answer: string }>([all]))).trim();
    },
    async choose({ message: said, explain: line, propose, choices }) {
      explain(line);
      const message = look.plain(said);
      const shown = choices.map(({ value, label, warning, explain: description }) => ({
        value,
        name: `${look.plain(label)}${warning === undefined ? "" : `  ${look.warning(warning)}`}`,
        short: look.plain(label).replace(/\s{2,}.*/, ""),
        ...(description === undefined ? {} : { description: look.plain(description) }),
      }));
      const question = {
        type: "select",
        name: "answer",
        message,
        theme,
        choices: shown,
        loop: false,
        pageSize: PAGE,
      } as const;
      const known = choices.some(({ value }) => value === propose);
      const all = known ? { ...question, default: propose } : question;
      return await answer<string>(prompt<{ answer: string }>([all]));
    },
    async confirm({ message: said, explain: line, propose }) {
      explain(line);
      const message = look.plain(said);
      const question = { type: "confirm", name: "answer", message, theme, default: propose } as const;
      return await answer<boolean>(prompt<{ answer: boolean }>([question]));
    },
  };
}

/** Waits for an answer; one that will not come is a Cancelled. */
async function answer<T>(question: Promise<{ answer: T }>): Promise<T> {
  try {
    return (await question).answer;
  } catch (error) {
    if (!(error instanceof Error) || !GIVEN_UP.has(error.name)) throw error;
    throw new Cancelled({ state: "Nothing was written.", cause: error });
  }
}
