import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { commands, groupSummaries } from "./commands/registry.ts";
import { wantsJson } from "./commands/input.ts";
import { viewOn } from "./commands/context.ts";
import { ExitCode, MhlabError } from "../core/model/errors.ts";
import { openContext } from "./context.ts";
import { fileTrouble } from "../core/model/file-trouble.ts";
import { openOutput, processIo, type Io } from "./io.ts";
import { parseCommandLine, type Invocation } from "./program.ts";
import { selfOf } from "./self.ts";

/** The program: sets the process's exit code and handles its signals. */
export async function main(): Promise<void> {
  const interrupt = new AbortController();
  // One listener per question to the engine.
  setMaxListeners(0, interrupt.signal);
  const onSignal = (): void => {
    if (interrupt.signal.aborted) process.exit(ExitCode.interrupted);
    interrupt.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  // Readers such as `head` go away before everything is written; that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    process.stderr.write(`error MHLAB_OUTPUT  cannot write the output: ${fileTrouble(error)}\n`);
    process.exit(ExitCode.failed);
  });
  // Talk that nobody hears stops nothing.
  process.stderr.on("error", () => undefined);
  const exitCode = await run(process.argv.slice(2), processIo(), interrupt.signal);
  process.exitCode = exitCode;
  // Failures of writing are told a moment later.
  await new Promise((resolve) => setImmediate(resolve));
  // Connections that are kept alive must not keep the program.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit(exitCode);
  process.stdout.once("drain", () => process.exit(exitCode));
}

/** Runs one command line and returns its exit code; all output goes to `io`. */
export async function run(argv: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const version = readVersion();
  let invocation: Invocation | undefined;
  try {
    invocation = await parseCommandLine(argv, {
      definitions: commands,
      groupSummaries,
      version,
      write: (text) => void io.stdout.write(text),
      columns: io.stdout.columns ?? 80,
    });
    if (invocation === undefined) return ExitCode.ok;
    const context = openContext(io, invocation, version, signal);
    const input = { arguments: invocation.arguments, options: invocation.options };
    const { json, text, exitCode } = await invocation.definition.run(context, input);
    if (wantsJson(input) && json !== undefined) {
      const { jsonText } = await import("./views/theme.ts");
      context.stdout.write(`${jsonText(json, 2)}\n`);
    } else if (text !== undefined) context.stdout.write(text);
    return exitCode ?? ExitCode.ok;
  } catch (error) {
    return await fail(error, io, { argv, invocation, version, interrupted: signal.aborted });
  }
}

interface Failure {
  readonly argv: readonly string[];
  readonly invocation: Invocation | undefined;
  readonly version: string;
  readonly interrupted: boolean;
}

async function fail(error: unknown, io: Io, failure: Failure): Promise<number> {
  const { argv, invocation, version, interrupted } = failure;
  const plain = interrupted && !(error instanceof MhlabError) ? await cancelled(error) : error;
  const shown = await withSandboxHint(plain, invocation?.options ?? {}, io.env);
  const [{ renderError, errorObject }, { jsonText }] = await Promise.all([
    import("./views/error.ts"),
    import("./views/theme.ts"),
  ]);
  const json =
    invocation === undefined
      ? argv.includes("--json")
      : wantsJson({ arguments: [], options: invocation.options });
  if (json) io.stdout.write(`${jsonText(errorObject(shown, version), 2)}\n`);
  else {
    const self = selfOf(invocation?.options ?? {}, io.env);
    const colour = !argv.includes("--no-color");
    const view = viewOn(openOutput(io.stderr, { env: io.env, colour, self }));
    const verbose =
      invocation?.options["verbose"] === true || argv.includes("-v") || argv.includes("--verbose");
    io.stderr.write(renderError(shown, { ...view, verbose, version }));
  }
  return shown instanceof MhlabError ? shown.exitCode : ExitCode.failed;
}

/** Who started a lab on the sandbox and then leaves --sandbox out is told so. */
async function withSandboxHint(
  error: unknown,
  options: Invocation["options"],
  env: NodeJS.ProcessEnv,
): Promise<unknown> {
  if (!(error instanceof MhlabError) || error.code !== "MHLAB_NO_ENGINE") return error;
  const [{ openSandbox }, { sandboxHint }] = await Promise.all([
    import("./sandbox.ts"),
    import("./sandbox-hint.ts"),
  ]);
  const hint = await sandboxHint(options, env, async () => openSandbox(env, AbortSignal.timeout(1000)));
  return hint === undefined ? error : error.with({ hint });
}

async function cancelled(cause: unknown): Promise<MhlabError> {
  const { Cancelled } = await import("../core/model/errors.ts");
  return new Cancelled({ cause });
}

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
