import type { EngineChoice } from "../adapters/docker/engine-context.ts";
import { UsageError } from "../core/model/errors.ts";
import { commands } from "./commands/registry.ts";
import { isYes, Variable } from "./env.ts";
import type { Invocation } from "./program.ts";

/** The engine that the command line names, if it does. */
export function engineChoice(options: Invocation["options"]): EngineChoice {
  const word = (name: string): string | undefined =>
    typeof options[name] === "string" ? options[name] : undefined;
  return { host: word("host"), context: word("context") };
}

/** Whether the command line or MHLAB_SANDBOX selects the sandbox. Throws UsageError when --sandbox stands beside another engine. */
export function meansSandbox(options: Invocation["options"], env: NodeJS.ProcessEnv): boolean {
  const { host, context } = engineChoice(options);
  const other = host === undefined ? context && "--context" : "--host";
  if (options["sandbox"] !== true) return !other && isYes(env[Variable.sandbox]);
  if (!other) return true;
  throw new UsageError(`--sandbox and ${other} name two engines`, {
    hint: "leave one of them out",
    state: "Nothing was changed.",
  });
}

/** How the user calls this mhlab, so that hints lead to the same engine. */
export function selfOf(options: Invocation["options"], env: NodeJS.ProcessEnv): string {
  const { host, context } = engineChoice(options);
  if (host !== undefined) return `mhlab --host ${host}`;
  if (context !== undefined) return `mhlab --context ${context}`;
  return options["sandbox"] === true && !isYes(env[Variable.sandbox]) ? "mhlab --sandbox" : "mhlab";
}

const ASKING = new Set(commands.filter(({ asksEngine }) => asksEngine !== false).map(({ path }) => path[0]));

/** Commands in a text as the user would have to type them: those that ask an engine with the option that selects it. */
export function asCalled(text: string, self: string): string {
  if (!text.includes("mhlab ")) return text;
  return text.replace(/\bmhlab (?=([a-z-]+))/g, (mhlab, word: string) =>
    ASKING.has(word) ? `${self} ` : mhlab,
  );
}
