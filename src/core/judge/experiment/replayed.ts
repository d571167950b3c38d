/** A run beside an earlier one of the same: whether it came to the same. */
import type { Run } from "./record.ts";
import type { Verdict } from "./record.ts";

export interface Replayed {
  readonly id: string;
  readonly text: string;
  readonly before: Pick<Verdict, "result" | "measured" | "value"> | null;
  readonly now: Pick<Verdict, "result" | "measured" | "value"> | null;
  readonly unit: string | null;
  /** Whether both have the same result; what was measured may differ. */
  readonly same: boolean;
}

/** The verdicts of two runs side by side, in the order of the later one. */
export function replayed(before: Run, now: Run): Replayed[] {
  const ids = [...new Set([...now.verdicts, ...before.verdicts].map(({ id }) => id))];
  return ids.map((id) => {
    const [one, other] = [find(before, id), find(now, id)];
    return {
      id,
      text: (other ?? one)?.text ?? id,
      before: one ?? null,
      now: other ?? null,
      unit: (other ?? one)?.unit ?? null,
      same: one?.result === other?.result,
    };
  });
}

function find({ verdicts }: Run, id: string): Verdict | undefined {
  return verdicts.find((one) => one.id === id);
}
