/** Settings that the wizard asks for only when the usual is not wanted. */
import { parsePrefix6 } from "../ip6.ts";
import { defaultPool } from "../settings/delegation.ts";
import { entries } from "../settings/registry.ts";
import type { AnySetting, Basis } from "../settings/setting.ts";
import { usualJson } from "../settings/texts.ts";
import { parseDuration } from "../values/units.ts";
import { delegable } from "./customers.ts";
import { checkSetting, type Answers, type Known, type Question } from "./question.ts";
import { readAddresses, readDuration, readLength } from "./written.ts";

/** Whether a setting belongs to the usual. */
export function isDetail({ ask, default: usual }: AnySetting): boolean {
  return ask !== undefined && ask.always !== true && !("required" in usual);
}

const details = entries.map(({ setting }) => setting).filter(isDetail);
const DETAIL_IDS: readonly string[] = details.map(({ ask }) => ask?.flag ?? "");

const READERS: Readonly<Record<string, (text: string) => string>> = {
  length: readLength,
  preferred: readDuration,
  valid: readDuration,
  dns: readAddresses,
};

/** One question for each of them. */
export const detailQuestions: readonly Question[] = details.map((setting) => {
  const { flag: id = "", message = "", explain } = setting.ask ?? {};
  const check = checkSetting(setting);
  const read = READERS[id];
  return {
    id,
    flag: id,
    kind: "text",
    message,
    ...(explain === undefined ? {} : { explain }),
    ...(read === undefined ? {} : { read }),
    when: (known) => known.answers["defaults"] === "no" && !(delegates(setting) && hasNothing(known)),
    refuse: ({ answers }) =>
      answers["defaults"] === "yes" ? "defaults=yes says that the usual is wanted" : undefined,
    propose: (known) => usualFor(setting, known),
    assume: () => "",
    check: (answer) => (answer === "" ? undefined : check(answer)),
  };
});

/** Whether a provider of the file, or what was answered before, has other than the usual. */
export function hasDetails(answers: Answers | undefined): boolean {
  return DETAIL_IDS.some((id) => (answers?.[id] ?? "") !== "");
}

/** Answers with what they imply: who names a detail does not want the usual. */
export function withImplied(given: Answers): Answers {
  return given["defaults"] === undefined && hasDetails(given) ? { ...given, defaults: "no" } : given;
}

/** Whether there is nothing to delegate, so that nobody asks how. */
export function hasNothing({ answers, current }: Known): boolean {
  return delegable(answers["prefix"] ?? current?.["prefix"]) === "nothing";
}

function delegates({ path }: AnySetting): boolean {
  return path?.startsWith("delegation.") === true;
}

/** What mhlab takes when it is left out, after what was answered so far. */
function usualFor(setting: AnySetting, { answers, internet }: Known): string {
  const { default: usual, codec } = setting;
  if (codec.lab === undefined || !("one" in codec.lab) || !("from" in usual)) {
    return String(usualJson(setting) ?? "");
  }
  const prefix = parsePrefix6(answers["prefix"] ?? "");
  const basis: Basis = {
    name: answers["name"],
    prefix,
    pool: prefix === undefined ? undefined : defaultPool(prefix),
    endpoint: undefined,
    preferredS: parseDuration(answers["preferred"] ?? "") ?? 0,
    givenValidS: undefined,
    pvd: {},
    resolver: undefined,
    linePreset: undefined,
    internet,
  };
  return String(codec.lab.one.toJson(usual.from(basis)));
}
