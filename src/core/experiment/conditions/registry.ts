import type { Condition } from "../model.ts";
export function conditionText(condition: Condition): string { return condition.is; }
