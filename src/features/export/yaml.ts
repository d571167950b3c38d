import { stringify } from "yaml";

/** YAML that readers of version 1.1 (Go's) and 1.2 take for the same: `yes` is quoted, because 1.1 has it for true. */
export function renderYaml(value: unknown): string {
  return stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}
