import { WentBack, type Prompter } from "../../app/ports/prompter.ts";
import { Cancelled } from "../../core/errors.ts";

/** How questions look. */
export interface InquirerLook {
  /** Text of others, as it may be shown. */
  readonly plain: (text: string) => string;
  readonly explain: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly theme: {
    readonly style: Record<"message" | "answer" | "defaultAnswer", (text: string) => string>;
  };
}

export interface InquirerOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  readonly look: InquirerLook;
}

const GIVEN_UP: ReadonlySet<string> = new Set(["ExitPromptError", "AbortPromptError"]);
const PAGE = 12;
/** The answer that goes back; no name, address or key is called so. */
const BACK = "<";

/** Asks by inquirer; Ctrl-C and an aborted signal end a question with Cancelled. */
export async function openPrompter({ input, output, signal, look }: InquirerOptions): Promise<Prompter> {
  const { createPromptModule } = (await import("inquirer")).default;
  const prompt = createPromptModule({ input, output, signal });
  const { theme } = look;

  const explain = (text: string | undefined): void => {
    if (text !== undefined) output.write(`${look.explain(text)}\n`);
  };

  return {
    async text({ message: said, explain: line, propose, read, check, back }) {
      explain(line);
      const message = look.plain(said);
      const validate = orBack(back, (value) => check(value));
      const transformer = (value: string, { isFinal }: { isFinal: boolean }): string =>
        isFinal ? theme.style.answer(value.trim() === BACK ? "back" : read(value.trim())) : value;
      const question = { type: "input", name: "answer", message, theme, validate, transformer } as const;
      const all = propose === undefined ? question : { ...question, default: propose };
      return (await answer(prompt<{ answer: string }>([all]))).trim();
    },
    async choose({ message: said, explain: line, propose, choices, back }) {
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
        choices: back === true ? [...shown, { value: BACK, name: `${BACK} back`, short: "back" }] : shown,
        loop: false,
        pageSize: PAGE,
      } as const;
      const known = choices.some(({ value }) => value === propose);
      const all = known ? { ...question, default: propose } : question;
      return await answer(prompt<{ answer: string }>([all]));
    },
    async confirm({ message: said, explain: line, propose, back }) {
      explain(line);
      const message = look.plain(said);
      const { style } = theme;
      const hint = style.defaultAnswer(propose ? "Y/n" : "y/N");
      const question = {
        // Inquirer's own takes yes and no only, so one could not go back.
        type: "input",
        name: "answer",
        message,
        theme: {
          ...theme,
          style: {
            ...style,
            message: (text: string, status: string) =>
              status === "done" ? style.message(text) : `${style.message(text)} ${hint}`,
          },
        },
        transformer: (value: string, { isFinal }: { isFinal: boolean }) =>
          isFinal ? style.answer(meant(value, propose) ?? "back") : value,
        validate: orBack(back, (value) =>
          meant(value, propose) === undefined ? "write yes or no" : undefined,
        ),
      } as const;
      return meant(await answer(prompt<{ answer: string }>([question])), propose) === "Yes";
    },
  };
}

/** Judges an answer, unless it goes back. */
function orBack(
  back: boolean | undefined,
  check: (answer: string) => string | undefined,
): (value: string) => true | string {
  return (value) => {
    if (value.trim() !== BACK) return check(value.trim()) ?? true;
    return back === true ? true : "there is no question before this one";
  };
}

/** What a yes or no, or nothing, means. */
function meant(value: string, propose: boolean): "Yes" | "No" | undefined {
  const word = value.trim().toLowerCase();
  if (word === "") return propose ? "Yes" : "No";
  return "yes".startsWith(word) ? "Yes" : "no".startsWith(word) ? "No" : undefined;
}

/** Waits for an answer; one that will not come is a Cancelled. */
async function answer(question: Promise<{ answer: string }>): Promise<string> {
  let given: string;
  try {
    given = (await question).answer;
  } catch (error) {
    if (!(error instanceof Error) || !GIVEN_UP.has(error.name)) throw error;
    throw new Cancelled({ state: "Nothing was written.", cause: error });
  }
  if (given.trim() === BACK) throw new WentBack();
  return given;
}
