/** Values of settings as people read them. */
import { showValue } from "../values/parse.ts";
import type { RecordForm } from "./codec.ts";
import { writeRecord } from "./record.ts";
import type { AnySetting } from "./setting.ts";

/** What a setting usually is, as JSON has it in lab.yaml; undefined when nothing is usual. */
export function usualJson(setting: AnySetting): string | number | boolean | undefined {
  const { lab } = setting.codec;
  const value = usualValue(setting);
  return value === undefined || lab === undefined || !("one" in lab) ? undefined : lab.one.toJson(value);
}

function usualValue({ default: usual }: AnySetting): unknown {
  if ("value" in usual) return usual.value;
  return "usual" in usual ? usual.usual : undefined;
}

/** A value as lab.yaml writes it; what lab.yaml cannot say, as the environment does. */
export function writtenInLab({ codec }: AnySetting, value: unknown): string {
  if (codec.lab === undefined) return codec.environment.format(value);
  if ("one" in codec.lab) return String(codec.lab.one.toJson(value));
  const form = codec.lab;
  const write = "many" in form ? (one: unknown) => form.many.toJson(one) : recordWriter(form.records);
  return `[${(value as readonly unknown[]).map(write).join(", ")}]`;
}

function recordWriter({ fields }: RecordForm): (one: unknown) => string {
  return (one) => writeRecord(fields, one as Readonly<Record<string, unknown>>);
}

/** What a default comes to in words, for one side. */
export function defaultInWords(setting: AnySetting, side: "lab" | "environment"): string {
  const { default: usual, codec } = setting;
  if ("required" in usual) return "required";
  if ("from" in usual) return typeof usual.says === "string" ? usual.says : usual.says[side];
  const value: unknown = usual.value;
  if (isNone(value)) return "none";
  return `\`${side === "lab" ? writtenInLab(setting, value) : codec.environment.format(value)}\``;
}

/** The text of a variable as lab.yaml has it, or the default when it is not set; keys are not shown. */
export function showVariable(setting: AnySetting, text: string | undefined): string {
  if (text === undefined) {
    const value = usualValue(setting);
    return isNone(value) ? defaultInWords(setting, "environment") : writtenInLab(setting, value);
  }
  if (setting.codec.environment.secret === true) return "(not shown)";
  const value: unknown = setting.codec.environment.parse(text);
  return value === undefined ? showValue(text) : writtenInLab(setting, value);
}

function isNone(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
