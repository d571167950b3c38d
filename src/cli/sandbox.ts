import {
  sandboxExec,
  sandboxPaths,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "../adapters/sandbox/sandbox.ts";
import type { Sandbox } from "../commands/context.ts";

/** The sandbox that the environment selects. */
export function openSandbox(env: NodeJS.ProcessEnv, signal: AbortSignal): Sandbox {
  const paths = sandboxPaths(env);
  return {
    start: (onProgress) => startSandbox({ paths, env, onProgress, signal }),
    stop: (purge, onProgress) => stopSandbox({ paths, env, purge, onProgress, signal }),
    status: () => sandboxStatus(paths),
    exec: (argv) => sandboxExec(paths, argv),
  };
}
