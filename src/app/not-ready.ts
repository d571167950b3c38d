import { OperationError } from "../core/errors.ts";
import type { EngineReader } from "./ports/engine-reader.ts";

export interface Waited {
  readonly reader: EngineReader;
  readonly timeoutMs: number;
  /** The container of a member. */
  readonly containerOf: (name: string) => string | undefined;
}

/** The error of members that were not ready in time: what each of them waits for, and the last lines of the first one's log. */
export async function notReady(
  waiting: ReadonlyMap<string, string>,
  { reader, timeoutMs, containerOf }: Waited,
): Promise<OperationError> {
  const names = [...waiting.keys()];
  const container = containerOf(names[0] ?? "");
  const log = container === undefined ? [] : await reader.lastLogLines(container, 10).catch(() => []);
  const detail = [...waiting].map(([name, what]) => `${name}: ${what}`);
  const evidence = [...detail, ...(log.length > 0 ? [`last lines of ${names[0]}:`, ...log] : [])];
  return new OperationError("MHLAB_NOT_READY", `not ready after ${timeoutMs / 1000} s: ${names.join(", ")}`, {
    evidence,
    hint: `see: mhlab status, mhlab logs ${names[0]}; more time: --timeout ${(timeoutMs / 1000) * 2}`,
  });
}
