/** Values of settings as people read them. */
import { toJson } from "./codec.ts";
import type { AnySetting } from "./setting.ts";

/** What a setting usually is, as JSON has it in lab.yaml; undefined when nothing is usual. */
export function usualJson(setting: AnySetting): string | number | boolean | undefined {
  const { lab } = setting.codec;
  const { default: usual } = setting;
  const value: unknown = "value" in usual ? usual.value : "usual" in usual ? usual.usual : undefined;
  return value === undefined || !("one" in lab) ? undefined : lab.one.toJson(value);
}

/** A value as lab.yaml writes it on one line. */
export function writtenInLab({ codec }: AnySetting, value: unknown): string {
  return flowOf(toJson(codec, value));
}

function flowOf(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(flowOf).join(", ")}]`;
  if (typeof json !== "object" || json === null) return String(json);
  return `{${Object.entries(json)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(", ")}}`;
}

/** What a default comes to in words. */
export function defaultInWords(setting: AnySetting): string {
  const { default: usual } = setting;
  if ("required" in usual) return "required";
  if ("from" in usual) return usual.says;
  const value: unknown = usual.value;
  const isNone = value === undefined || (Array.isArray(value) && value.length === 0);
  return isNone ? "none" : `\`${writtenInLab(setting, value)}\``;
}
