import type { RunRecord } from "../experiment/model.ts";
export function reportMarkdown(records: readonly RunRecord[]): string { return String(records.length); }
