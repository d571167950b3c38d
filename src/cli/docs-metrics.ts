import { FAMILIES } from "../features/metrics/families.ts";
import { table, withTables } from "./docs-tables.ts";

/** docs/metrics.md with its table as the metrics' records say; the text around it stays. */
export function withMetricsTable(page: string): string {
  return withTables(page, "metrics", () =>
    table(
      ["metric", "type", "meaning"],
      FAMILIES.map(({ name, type, help }) => [`\`${name}\``, type, help]),
    ),
  );
}
