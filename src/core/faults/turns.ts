/** Where something stands that goes in turns of two lengths. */
export interface Turn {
  /** Whether it is in its first turn, or one of those that follow like it. */
  readonly first: boolean;
  /** Milliseconds until the next turn. */
  readonly changesInMs: number;
}

/** The turn after a time, when turns of `oneMs` and `otherMs` follow each other. */
export function inTurns(elapsedMs: number, oneMs: number, otherMs: number): Turn {
  const within = elapsedMs % (oneMs + otherMs);
  const first = within < oneMs;
  return { first, changesInMs: (first ? oneMs : oneMs + otherMs) - within };
}
