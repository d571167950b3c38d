import { execa } from "execa";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { eventually, paths } from "./sandbox.ts";

/** One line of an agent's events. */
export type EventLine = Readonly<Record<string, unknown>> & {
  readonly seq: number;
  readonly monotonicS: number;
  readonly at: string;
  readonly event: string;
};

export interface EventStream {
  readonly lines: EventLine[];
  /** Waits for the first line from `from` on that is as wanted; its place. */
  until(wanted: (line: EventLine) => boolean, from?: number): Promise<number>;
  /** Goes, as somebody does whose terminal is closed. */
  leave(): void;
  /** Resolves when the stream ends by itself, with the exit code. */
  ended(): Promise<number>;
}

/** Follows an agent by an exec in its container, as the CLI does. */
export function followEvents(container: string, words: readonly string[]): EventStream {
  const argv = ["-H", `unix://${paths.socket}`, "exec", "-i", container, "agent", ...words];
  const child = execa("docker", argv, { reject: false, stdin: "pipe", buffer: false });
  const lines: EventLine[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(JSON.parse(line) as EventLine));
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    lines,
    until: (wanted, from = 0) =>
      eventually(
        () => {
          const found = lines.findIndex((line, index) => index >= from && wanted(line));
          if (found < 0) throw new Error(`not heard: ${JSON.stringify(lines.slice(from))}`);
          return found;
        },
        { everyMs: 50 },
      ),
    leave: () => void child.kill("SIGKILL"),
    ended: async () => (await child).exitCode ?? -1,
  };
}
