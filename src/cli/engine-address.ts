import { connect } from "node:net";
import { parseEndpoint, type EngineEndpoint } from "../adapters/docker/endpoint.ts";
import type { Sandbox } from "../app/ports/sandbox.ts";
import { HostError } from "../core/model/errors.ts";

/** The sandbox's engine; `start` allows to start it and hears of the steps. Throws HostError when it does not run, or may not be used. */
export async function endpointOfSandbox(
  sandbox: Sandbox,
  start: ((step: string) => void) | undefined,
): Promise<EngineEndpoint> {
  const found = await sandbox.status();
  const { running, socket, usable, problem } =
    found.running || start === undefined ? found : await sandbox.start(start);
  if (running && usable) return parseEndpoint(socket, {});
  if (running) {
    throw new HostError("MHLAB_NO_ENGINE", `the sandbox runs, and ${problem ?? "you may not use it"}`, {
      hint: "let yourself use it (asks for sudo by itself): mhlab sandbox start\nor run mhlab as root",
      state: "Nothing was changed.",
    });
  }
  const why = problem === null ? "" : `: ${problem}`;
  throw new HostError("MHLAB_SANDBOX_DOWN", `the sandbox is not running${why}`, {
    hint: "start it with: mhlab sandbox start\nor start a lab on it: mhlab --sandbox up lab.yaml",
    state: "Nothing was changed.",
  });
}

/** The endpoint, or the running sandbox where nobody named an engine and this machine has none; `tell` says so. */
export async function orSandbox(
  endpoint: EngineEndpoint,
  open: () => Promise<Sandbox>,
  tell: (text: string) => void,
): Promise<EngineEndpoint> {
  const { kind, namedBy, context } = endpoint;
  const chosen = kind !== "unix" || namedBy !== undefined || context !== undefined;
  if (chosen || (await listens(endpoint.socket))) return endpoint;
  const sandbox = await open();
  const { running } = await sandbox.status().catch(() => ({ running: false }));
  if (!running) return endpoint;
  const found = await endpointOfSandbox(sandbox, undefined);
  tell(`no Docker engine at ${endpoint.text}: using the sandbox, as --sandbox does`);
  return found;
}

/** Whether a server listens at a unix socket; one that refuses this user counts. */
async function listens(socket: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const connection = connect({ path: socket });
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== "ENOENT" && code !== "ECONNREFUSED" && code !== "ENOTDIR"),
    );
  });
}
