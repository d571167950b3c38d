import { showValue } from "../values/parse.ts";
import type { Environment } from "./environment-reader.ts";
import { settingOfVariable } from "./registry.ts";
import type { Group } from "./setting.ts";
import { showVariable } from "./texts.ts";

/** One setting that differs between two environments of a BNG. */
export interface ChangedSetting {
  readonly variable: string;
  /** The key of lab.yaml (`delegation.preferred`) that says it; the variable when none does. */
  readonly label: string;
  readonly group: Group | "settings";
  /** As lab.yaml writes it, or the default in words; a key is never shown. */
  readonly before: string;
  readonly after: string;
  /** A running BNG can take it without being made anew. */
  readonly live: boolean;
}

/** Names the settings that differ between two environments, in the order of their variables. */
export function changedSettings(before: Environment, after: Environment): ChangedSetting[] {
  const variables = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return variables
    .filter((variable) => before[variable] !== after[variable])
    .map((variable) => {
      const setting = settingOfVariable.get(variable);
      const show = (text: string | undefined): string => {
        if (setting !== undefined) return showVariable(setting, text);
        return text === undefined ? "none" : showValue(text);
      };
      return {
        variable,
        label: setting?.path ?? setting?.follows ?? variable,
        group: setting?.group ?? "settings",
        before: show(before[variable]),
        after: show(after[variable]),
        live: setting?.live === true,
      };
    });
}
