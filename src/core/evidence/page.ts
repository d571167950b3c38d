import type { RunRecord } from "../experiment/model.ts";
export function reportPage(records: readonly RunRecord[]): string { return String(records.length); }
