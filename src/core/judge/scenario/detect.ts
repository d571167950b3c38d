import { isMap } from "yaml";
import { keyText } from "../../model/yaml/locate.ts";
import { readSyntax } from "../../model/yaml/syntax.ts";
import { SCENARIO_FILE_KIND } from "./entries/file-kind.ts";

/** Whether a file is a lab rather than a scenario: it has providers. */
export function isLabText(text: string): boolean {
  return /^providers:/m.test(text);
}

/** Whether a file is a scenario rather than a lab: it has steps, or names a lab. */
export function isScenarioText(text: string): boolean {
  const read = readSyntax(text, { file: "", kind: SCENARIO_FILE_KIND });
  // One that is not even YAML is what its lines look like.
  if ("diagnostics" in read) return /^(lab|steps|expect):/m.test(text) && !/^providers:/m.test(text);
  if (!isMap(read.document.contents)) return false;
  const keys = new Set(read.document.contents.items.map((pair) => keyText(pair)));
  return !keys.has("providers") && ["lab", "steps", "expect"].some((key) => keys.has(key));
}
