import type { Sandbox } from "../app/ports/sandbox.ts";
import { isYes, Variable } from "./env.ts";
import type { Invocation } from "./program.ts";
import { engineChoice } from "./self.ts";

const HINT = "the sandbox is running: add --sandbox, or once for this shell: export MHLAB_SANDBOX=1";

/** How to reach the running sandbox, for users who named no engine; undefined when one is named or no sandbox runs. */
export async function sandboxHint(
  options: Invocation["options"],
  env: NodeJS.ProcessEnv,
  open: () => Promise<Sandbox>,
): Promise<string | undefined> {
  const { host, context } = engineChoice(options);
  const named = [host, context, env[Variable.dockerHost], env[Variable.dockerContext]].some(Boolean);
  if (named || options["sandbox"] === true || isYes(env[Variable.sandbox])) return undefined;
  const running = await open()
    .then(async (sandbox) => (await sandbox.status()).running)
    .catch(() => false);
  return running ? HINT : undefined;
}
