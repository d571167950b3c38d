import { timeLimit } from "./ports/time.ts";
import { MhlabError, OperationError, StateError } from "../core/model/errors.ts";
import type { Lab } from "../core/model/lab/model.ts";
import { nodesOf, refuseSilent } from "./agents/engines.ts";
import { up, type UpOptions, type UpPorts } from "./up.ts";

/** How long the way back may take. */
const WAY_BACK_MS = 60_000;

export type RotateOptions = Pick<UpOptions, "labFile" | "version" | "timeoutMs" | "report" | "signal">;

/** A key that was replaced. */
export interface Rotated {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Puts the next key of a provider in the place of its key, and waits for a handshake by it. Without one in time the old
 * key comes back, and the next one is kept for another try. Throws StateError when the provider does not run.
 */
export async function commitKey(
  lab: Lab,
  provider: string,
  ports: UpPorts,
  options: RotateOptions,
): Promise<Rotated> {
  const { keys, engines } = ports;
  const seen = await engines.look(options.signal);
  refuseSilent(seen, lab.name);
  const nodes = nodesOf(seen, lab.name);
  if (!nodes.some(({ name, runs }) => name === provider && runs)) {
    throw new StateError(
      "MHLAB_KEYS_NOT_RUNNING",
      `${provider} is not running, so its new key cannot be tried`,
      {
        hint: `start it with: mhlab up ${options.labFile}`,
        state: "Nothing was changed.",
      },
    );
  }
  const before = (await keys.publicKeys(lab.name, [provider])).get(provider)?.bng;
  const bring = async (over: Partial<UpOptions>): Promise<unknown> =>
    await up(lab, ports, {
      ...options,
      only: [provider],
      build: true,
      strict: true,
      replace: true,
      agreeToReplace: undefined,
      ...over,
    });
  await swap(lab, provider, ports);
  try {
    await bring({});
  } catch (error) {
    await swap(lab, provider, ports);
    await bring({ strict: false, timeoutMs: WAY_BACK_MS, signal: timeLimit(WAY_BACK_MS) });
    if (!(error instanceof MhlabError) || error.code !== "MHLAB_NOT_READY") throw error;
    throw new OperationError(
      "MHLAB_KEYS_NO_HANDSHAKE",
      `the far side did not answer to ${provider}'s new key within ${options.timeoutMs / 1000} s`,
      {
        hint: `it has to know that key first: mhlab keys rotate ${provider} --prepare prints its command`,
        state: "The old key is in use again; the new one is kept for another try.",
        cause: error,
      },
    );
  }
  await keys.rotation.drop(lab.name, provider);
  return { before, after: (await keys.publicKeys(lab.name, [provider])).get(provider)?.bng };
}

async function swap(lab: Lab, provider: string, { keys, lock }: UpPorts): Promise<void> {
  const release = await lock.acquire(lab.name, "keys rotate");
  try {
    await keys.rotation.swap(lab.name, provider);
  } finally {
    await release();
  }
}
