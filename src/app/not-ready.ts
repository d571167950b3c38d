import { OperationError } from "../core/model/errors.ts";
import type { Node } from "./agents/node.ts";

export interface Waited {
  readonly timeoutMs: number;
  readonly nodeOf: (name: string) => Node | undefined;
}

/** The error of nodes that were not ready in time: what each of them waits for, and the last lines of the first one's log. */
export async function notReady(
  waiting: ReadonlyMap<string, string>,
  { timeoutMs, nodeOf }: Waited,
): Promise<OperationError> {
  const names = [...waiting.keys()];
  const log =
    (await nodeOf(names[0] ?? "")
      ?.lastLogLines(10)
      .catch(() => undefined)) ?? [];
  const detail = [...waiting].map(([name, what]) => `${name}: ${what}`);
  const evidence = [...detail, ...(log.length > 0 ? [`last lines of ${names[0]}:`, ...log] : [])];
  return new OperationError("MHLAB_NOT_READY", `not ready after ${timeoutMs / 1000} s: ${names.join(", ")}`, {
    evidence,
    hint: `see: mhlab status, mhlab logs ${names[0]}; more time: --timeout ${(timeoutMs / 1000) * 2}`,
  });
}
