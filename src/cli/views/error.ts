import { MhlabError, WrittenFileError, reasonOf } from "../../core/model/errors.ts";
import { formatDiagnostics } from "./diagnostics.ts";
import { redact } from "./redact.ts";
import { wrapMend } from "./command-lines.ts";
import { harmlessLines, theme, type View } from "./theme.ts";
import { wrap } from "./width.ts";

export interface ErrorView extends View {
  /** Whether the stack of a bug is shown. */
  readonly verbose: boolean;
  readonly version: string;
}

const HANG = " ".repeat("hint: ".length);

/** An error for people: code and message, evidence, hint, and what state things are in. */
export function renderError(error: unknown, view: ErrorView): string {
  const { colour, columns: width, verbose, asCalled = (text) => text } = view;
  const look = theme(colour);
  if (!(error instanceof MhlabError)) return renderBug(error, view);
  const title = `${look.bad("error")} ${look.strong(error.code)}  ${clean(error.message)}`;
  const lines = wrap(title, { width, hang: HANG });
  if (error instanceof WrittenFileError)
    lines.push(redact(formatDiagnostics(error.diagnostics, { colour, columns: width })).trimEnd());
  lines.push(
    ...error.evidence.flatMap((line) => clean(line).split("\n")).map((line) => look.dim(`  │ ${line}`)),
  );
  if (error.hint !== undefined) {
    const [first = "", ...more] = asCalled(clean(error.hint)).split("\n");
    lines.push(...wrap(first, { width, lead: `${look.accent("hint:")} `, hang: HANG }));
    lines.push(...more.flatMap((line) => wrapMend(line, { width, lead: HANG })));
  }
  if (error.state !== undefined) lines.push(...wrap(asCalled(clean(error.state)), { width }));
  if (verbose && error.cause !== undefined) lines.push(look.dim(clean(stackOf(error.cause))));
  return `${lines.join("\n")}\n`;
}

/** An error for scripts. */
export function errorObject(error: unknown, version: string): unknown {
  if (!(error instanceof MhlabError)) {
    return { error: { code: "MHLAB_BUG", message: clean(reasonOf(error)), version } };
  }
  const { code, message, hint, state, evidence } = error;
  return {
    error: {
      code,
      message: clean(message),
      ...(hint === undefined ? {} : { hint: clean(hint) }),
      ...(state === undefined ? {} : { state: clean(state) }),
      ...(evidence.length === 0 ? {} : { evidence: evidence.map(clean) }),
      ...(error instanceof WrittenFileError ? { diagnostics: error.diagnostics } : {}),
    },
  };
}

function renderBug(error: unknown, { colour, verbose, version }: ErrorView): string {
  const look = theme(colour);
  const lines = [
    `${look.bad("error")} ${look.strong("MHLAB_BUG")}  this is a mistake in mhlab, not yours: ${clean(reasonOf(error))}`,
    ...(verbose ? [look.dim(clean(stackOf(error)))] : []),
    `mhlab ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    `${look.accent("hint:")} ${verbose ? "" : "run it again with -v for the stack, then "}report it with these lines`,
  ];
  return `${lines.join("\n")}\n`;
}

function clean(text: string): string {
  return redact(harmlessLines(text));
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
