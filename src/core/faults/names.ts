/** Every kind of fault, in the order of the catalogue. The words are a contract: overlays, scripts and records hold them. */
export const FAULT_KINDS = ["upstream-blackhole", "ra-stop", "ra-mtu-lie", "bng-crash"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Whether a word is a kind of this version. */
export function isFaultKind(word: unknown): word is FaultKind {
  return FAULT_KINDS.some((kind) => kind === word);
}
