import type { Prompter } from "../../app/ports/prompter.ts";
import { Cancelled } from "../../core/model/errors.ts";

/** How questions look. */
export interface InquirerLook {
  /** Makes text from elsewhere safe to show. */
  readonly plain: (text: string) => string;
  readonly explain: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly theme: { readonly style: { answer(text: string): string } };
}

export interface InquirerOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  readonly look: InquirerLook;
}

const GIVEN_UP: ReadonlySet<string> = new Set(["ExitPromptError", "AbortPromptError"]);
const PAGE = 12;

/** Asks by inquirer; Ctrl-C and an aborted signal end a question with Cancelled. */
export async function openPrompter({ input, output, signal, look }: InquirerOptions): Promise<Prompter> {
  const { createPromptModule } = (await import("inquirer")).default;
  const prompt = createPromptModule({ input, output, signal });
  const { theme } = look;

  const basics = ({ message, explain }: { message: string; explain?: string | undefined }) => {
    if (explain !== undefined) output.write(`${look.explain(explain)}\n`);
    return { name: "answer", message: look.plain(message), theme } as const;
  };

  return {
    async text({ propose, read, check, ...about }) {
      const question = {
        ...basics(about),
        type: "input",
        validate: (value: string) => check(value.trim()) ?? true,
        transformer: (value: string, { isFinal }: { isFinal: boolean }) =>
          isFinal ? theme.style.answer(read(value.trim())) : value,
        ...(propose === undefined ? {} : { default: propose }),
      } as const;
      return (await answer(prompt<{ answer: string }>([question]))).trim();
    },
    async choose({ propose, choices, ...about }) {
      const question = {
        ...basics(about),
        type: "select",
        choices: choices.map(({ value, label, warning, explain }) => ({
          value,
          name: `${look.plain(label)}${warning === undefined ? "" : `  ${look.warning(warning)}`}`,
          short: look.plain(label).replace(/\s{2,}.*/, ""),
          ...(explain === undefined ? {} : { description: look.plain(explain) }),
        })),
        loop: false,
        pageSize: PAGE,
        ...(choices.some(({ value }) => value === propose) ? { default: propose } : {}),
      } as const;
      return await answer(prompt<{ answer: string }>([question]));
    },
    async confirm({ propose, ...about }) {
      const question = { ...basics(about), type: "confirm", default: propose } as const;
      return await answer(prompt<{ answer: boolean }>([question]));
    },
  };
}

/** Waits for an answer. Throws Cancelled when the person gives up. */
async function answer<T>(question: Promise<{ answer: T }>): Promise<T> {
  try {
    return (await question).answer;
  } catch (error) {
    if (!(error instanceof Error) || !GIVEN_UP.has(error.name)) throw error;
    throw new Cancelled({ state: "Nothing was written.", cause: error });
  }
}
