/** The part of the sandbox that runs as root: `node privileged.js start|stop|purge <folder>`, one JSON line per message. */
import { ExitCode, MhlabError, UsageError, reasonOf } from "../../core/model/errors.ts";
import type { PrivilegedMessage } from "./elevate.ts";
import { pathsOf } from "./paths.ts";
import { startAsRoot } from "./start.ts";
import { stopAsRoot } from "./stop.ts";

const abort = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    abort.abort();
  });
}

function say(message: PrivilegedMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function onProgress(step: string): void {
  say({ kind: "progress", step });
}

async function run(verb: string | undefined, folder: string | undefined): Promise<unknown> {
  if (folder === undefined) throw new UsageError("privileged: no folder");
  const operation = { paths: pathsOf(folder), onProgress, signal: abort.signal };
  if (verb === "start") return await startAsRoot(operation);
  if (verb === "stop") return await stopAsRoot(operation);
  if (verb === "purge") return await stopAsRoot({ ...operation, purge: true });
  throw new UsageError(`privileged: unknown verb ${String(verb)}`);
}

try {
  say({ kind: "result", result: await run(process.argv[2], process.argv[3]) });
} catch (error) {
  const known = error instanceof MhlabError ? error : undefined;
  say({
    kind: "error",
    code: known?.code ?? "MHLAB_BUG",
    message: reasonOf(error),
    evidence: known?.evidence ?? (error instanceof Error ? (error.stack ?? "").split("\n") : []),
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
    ...(known?.state === undefined ? {} : { state: known.state }),
  });
  process.exitCode = known?.exitCode ?? ExitCode.failed;
}
