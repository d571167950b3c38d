export interface Verified {
  /** How many of each were compared. */
  readonly checked: Readonly<Record<string, number>>;
  readonly differences: readonly string[];
}

export function verify(folder: string): Verified;
