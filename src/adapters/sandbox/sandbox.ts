/** The sandbox: a throw-away lab host with an engine of its own. What the CLI and the tests call. */
import { isRoot, runPrivileged, selfCommand, sudoWords } from "./elevate.ts";
import { execInLabHost } from "./exec.ts";
import type { SandboxPaths } from "./paths.ts";
import { startAsRoot, type SandboxOperation, type StartedSandbox } from "./start.ts";
import { stopAsRoot, type StopOperation, type StoppedSandbox } from "./stop.ts";

export { sandboxPaths, type SandboxPaths } from "./paths.ts";
export type { SandboxOperation, StartedSandbox } from "./start.ts";
export type { StopOperation, StoppedSandbox } from "./stop.ts";
export { sandboxStatus } from "./status.ts";

/** How an operation becomes root where the caller is not. */
interface Elevation {
  /** Path of the built privileged.ts. */
  readonly privileged: string;
}

/** Starts the sandbox or finds it running (`already`); a stale one is replaced. Asks sudo when not root. */
export async function startSandbox(operation: SandboxOperation & Elevation): Promise<StartedSandbox> {
  if (isRoot()) return await startAsRoot(operation);
  return await runPrivileged("start", operation.paths.root, operation);
}

/** Stops the sandbox, whatever is left of it; images and containers stay unless `purge`. Asks sudo when not root. */
export async function stopSandbox(operation: StopOperation & Elevation): Promise<StoppedSandbox> {
  if (isRoot()) return await stopAsRoot(operation);
  const verb = operation.purge === true ? "purge" : "stop";
  return await runPrivileged(verb, operation.paths.root, operation);
}

/** Runs a command in the lab host, on our own terminal; returns its exit code. Asks sudo when not root. */
export async function sandboxExec(paths: SandboxPaths, argv: readonly string[]): Promise<number> {
  return await execInLabHost(
    paths,
    argv,
    sudoWords(`MHLAB_SANDBOX_DIR=${paths.root} ${selfCommand()} sandbox exec -- ${argv.join(" ")}`),
  );
}
