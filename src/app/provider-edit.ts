import { UsageError } from "../core/errors.ts";
import { addEntry, changeEntry, removeEntry } from "../core/lab/edit.ts";
import { isBare } from "../core/links/word.ts";
import { suggest } from "../core/values/suggest.ts";
import { UNKNOWN_MACHINE } from "../core/wizard/machine.ts";
import {
  answersOf,
  changesBetween,
  entriesIn,
  neighboursIn,
  providerEntry,
} from "../core/wizard/provider-entry.ts";
import { withImplied } from "../core/wizard/details.ts";
import { providerQuestions } from "../core/wizard/provider-questions.ts";
import type { Answers, Known } from "../core/wizard/question.ts";
import { flagsFor, interviewAbout } from "./provider-interview.ts";
import {
  finish,
  openFile,
  type OpenFile,
  type ProviderJob,
  type ProviderPorts,
  type ProviderResult,
  type ProviderTalk,
} from "./provider-file.ts";

/** Adds a provider to a lab file. */
export async function addProvider(
  ports: ProviderPorts,
  job: ProviderJob,
  talk: ProviderTalk,
): Promise<ProviderResult> {
  const file = await openFile(ports, job);
  const known = await knownOf(ports, file, job);
  return await interviewAbout(ports, job, {
    talk,
    file,
    questions: providerQuestions,
    known,
    given: withImplied(job.given),
    index: known.neighbours.length,
    edit: (answers) => addEntry(file.text, "providers", providerEntry(answers)),
    called: ({ name = "" }) => name,
    command: (answers) => ["provider", "add", job.file, ...flagsFor({}, answers)],
  });
}

/** Changes a provider of a lab file: what flags say, or what is asked. */
export async function editProvider(
  ports: ProviderPorts,
  job: ProviderJob & { name: string | undefined },
  talk: ProviderTalk,
): Promise<ProviderResult> {
  const file = await openFile(ports, job);
  const name = await chooseProvider(ports, file, job.name);
  const all = entriesIn(file.data, "providers");
  const index = all.findIndex((one) => one["name"] === name);
  const current = { ...answersOf(all[index]), ...impliedLink(file.data, all[index]) };
  const byFlags = Object.keys(job.given).length > 0;
  if (!byFlags && ports.prompter === undefined) {
    throw new UsageError("there is nothing to change", {
      hint: `say what, for example: mhlab provider edit ${job.file} ${name} --preferred 10m`,
      state: "Nothing was written.",
    });
  }
  const known = await knownOf(ports, file, job);
  return await interviewAbout(ports, job, {
    talk,
    file,
    questions: byFlags
      ? providerQuestions.filter(({ id }) => job.given[id] !== undefined)
      : providerQuestions,
    known: { ...known, neighbours: known.neighbours.filter((one) => one.name !== name), current },
    given: job.given,
    index,
    edit: (answers) =>
      changeEntry(file.text, "providers", { name, changes: changesBetween(current, undetailed(answers)) }),
    called: (answers) => answers["name"] ?? name,
    command: (answers) => ["provider", "edit", job.file, name, ...flagsFor(current, undetailed(answers))],
  });
}

/** Takes a provider out of a lab file, and the CPE that nobody else serves when that is wanted. */
export async function removeProvider(
  ports: ProviderPorts,
  job: ProviderJob & { name: string | undefined; removeCpe: boolean },
  talk: ProviderTalk,
): Promise<ProviderResult> {
  const file = await openFile(ports, job);
  const name = await chooseProvider(ports, file, job.name);
  if (entriesIn(file.data, "providers").length === 1) {
    throw new UsageError(`${name} is the only provider of the lab, which needs one`, {
      hint: `add another one first: mhlab provider add ${job.file}`,
      state: "Nothing was written.",
    });
  }
  const orphan = orphanedBy(file.data, name);
  if (orphan !== undefined && !job.removeCpe) await agreeToRemove(ports, { cpe: orphan, provider: name });
  let edited = removeEntry(file.text, "providers", name);
  if (orphan !== undefined && edited.text !== undefined) edited = removeEntry(edited.text, "cpes", orphan);
  return await finish(ports, job, { talk, file, provider: name, edited });
}

async function knownOf(
  { prompter, machine }: ProviderPorts,
  { data }: OpenFile,
  { given, signal }: ProviderJob,
): Promise<Omit<Known, "answers">> {
  return {
    facts: prompter === undefined && !isBare(given["link"]) ? UNKNOWN_MACHINE : await machine.look(signal),
    internet: data["internet"] === "bundled" ? "bundled" : "real",
    cpes: entriesIn(data, "cpes").flatMap(({ name }) => (typeof name === "string" ? [name] : [])),
    neighbours: neighboursIn(data),
  };
}

/** The usual delegation and DNS are those that the file does not mention. */
function undetailed(answers: Answers): Answers {
  return answers["defaults"] === "yes"
    ? { ...answers, length: "", preferred: "", valid: "", dns: "" }
    : answers;
}

async function chooseProvider(
  { prompter }: ProviderPorts,
  { data }: OpenFile,
  name: string | undefined,
): Promise<string> {
  const names = neighboursIn(data).map((one) => one.name);
  if (name !== undefined && names.includes(name)) return name;
  const known = names.length === 0 ? "the file has no providers" : `there are: ${names.join(", ")}`;
  if (name === undefined && prompter !== undefined && names.length > 0) {
    const choices = neighboursIn(data).map((one) => ({
      value: one.name,
      label: `${one.name.padEnd(12)}  ${one.prefix}`,
    }));
    return await prompter.choose({ message: "Which provider", choices });
  }
  const near = name === undefined ? undefined : suggest(name, names);
  throw new UsageError(name === undefined ? "which provider?" : `the lab has no provider '${name}'`, {
    hint: near === undefined ? known : `did you mean ${near}? ${known}`,
    state: "Nothing was written.",
  });
}

/** With a single CPE, a provider without subscriber leads there. */
function impliedLink(data: Record<string, unknown>, entry: Record<string, unknown> | undefined): Answers {
  const [only, ...others] = entriesIn(data, "cpes");
  const implied = entry?.["subscriber"] === undefined && only !== undefined && others.length === 0;
  return implied ? { link: `cpe:${String(only["name"])}` } : {};
}

/** The CPE that only this provider serves. */
function orphanedBy(data: Record<string, unknown>, provider: string): string | undefined {
  const others = entriesIn(data, "providers").filter((entry) => entry["name"] !== provider);
  const served = new Set(
    others.map((entry) => ({ ...answersOf(entry), ...impliedLink(data, entry) })["link"]),
  );
  return entriesIn(data, "cpes")
    .map(({ name }) => name)
    .find((name): name is string => typeof name === "string" && !served.has(`cpe:${name}`));
}

async function agreeToRemove(
  { prompter }: ProviderPorts,
  { cpe, provider }: { cpe: string; provider: string },
): Promise<void> {
  const message = `The CPE ${cpe} has no other provider. Remove it as well?`;
  if ((await prompter?.confirm({ message, propose: true })) === true) return;
  throw new UsageError(`the CPE ${cpe} would be left without a provider`, {
    hint: `remove it as well with --remove-cpe, or connect another provider to it first: mhlab provider add <lab.yaml> --link cpe:${cpe} (instead of ${provider})`,
    state: "Nothing was written.",
  });
}
