import type { Deed } from "./model.ts";

/** The member that a step is about; null for a wait, a mark and what is about several. */
export function memberOf(deed: Deed): string | null {
  if ("provider" in deed) return deed.provider;
  return "member" in deed ? deed.member : null;
}
