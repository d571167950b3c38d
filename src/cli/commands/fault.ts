import { reasonOf } from "../../core/model/errors.ts";
import { FAULT_KINDS, isFaultKind } from "../../core/model/faults/kinds.ts";
import type { SeenNode } from "../../app/agents/node.ts";
import type { ProviderFault } from "../../app/faults.ts";
import { FORMAT_OPTIONS, type OptionDefinition } from "./command-text.ts";
import { viewOn, type Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findLab, findNode, preferredLab, refuseNoLab } from "./find-lab.ts";
import { flag, text, word, words, type Input, type Outcome } from "./input.ts";

const LAB: OptionDefinition = {
  flags: "--lab <name>",
  description: "which lab; left out: of several, that of this folder's lab.yaml first",
};

const kindsCommand: CommandDefinition = {
  path: ["fault", "kinds"],
  asksEngine: false,
  group: "Faults",
  summary: "the catalogue: what a provider can be made to do wrong",
  description:
    "Lists every kind of fault; with a kind, what the provider does then, what the CPE sees, what stays normal, what a CPE should do about it, and the options.",
  arguments: [{ usage: "[kind]", description: "one kind, in full", choices: FAULT_KINDS }],
  options: FORMAT_OPTIONS,
  examples: [
    ["fault kinds", "all of them, in a line each"],
    ["fault kinds upstream-blackhole", "one, with its options"],
  ],
  next: ["fault inject <kind> <provider>"],
  run: runKinds,
};

const injectCommand: CommandDefinition = {
  path: ["fault", "inject"],
  group: "Faults",
  summary: "make a provider fail, for a time or until it is cleared",
  description: `Injects a fault into a running provider, and returns when it is in force. It ends after --for by itself, also when this program is gone and when the provider was restarted meanwhile; else by \`mhlab fault clear\`, \`mhlab up --reset\` or \`mhlab down\`. Several can be in force at once: a packet meets them in the order in which they were injected. The kinds: ${FAULT_KINDS.join(", ")}.`,
  arguments: [
    { usage: "<kind>", description: "what is to happen: see `mhlab fault kinds`", choices: FAULT_KINDS },
    { usage: "<provider>", description: "whom it is to happen to" },
    {
      usage: "[option...]",
      description: "options of the kind, as name=value: see `mhlab fault kinds <kind>`",
      after: optionWords,
    },
  ],
  options: [
    { flags: "--for <time>", description: "how long: 500ms, 30s, 5m; left out, until it is cleared" },
    {
      flags: "--direction <direction>",
      description: "which packets: up is from the customers to the internet",
      choices: ["up", "down", "both"],
    },
    {
      flags: "--from <prefix>",
      description: "only customers of this prefix, where the kind can tell them apart",
    },
    { flags: "--protocol <protocol>", description: "only this protocol, where the kind can tell them apart" },
    LAB,
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["fault inject upstream-blackhole alpha --for 30s", "nothing gets through for half a minute"],
    ["fault inject upstream-blackhole alpha --direction down --protocol tcp", "only answers of TCP vanish"],
    ["fault inject ra-mtu-lie beta mtu=9000", "an option of its kind"],
  ],
  next: ["status", "fault list", "fault clear <id>"],
  run: runInject,
};

const listCommand: CommandDefinition = {
  path: ["fault", "list"],
  group: "Faults",
  summary: "the faults that are injected, and what each has met",
  description:
    "Lists the faults of a lab, or of all labs: the time that is left of each, its options, and how many packets it met on each way.",
  arguments: [
    {
      usage: "[lab]",
      description:
        "a lab file or the name of a lab; left out: of several, that of this folder's lab.yaml, or all",
    },
  ],
  options: FORMAT_OPTIONS,
  examples: [
    ["fault list", "of this folder's lab, or of all"],
    [
      "fault list --json | jq '.faults[] | select(.hits.up + .hits.down == 0).id'",
      "those that met nothing yet",
    ],
  ],
  next: ["fault clear <id>"],
  run: runList,
};

const clearCommand: CommandDefinition = {
  path: ["fault", "clear"],
  group: "Faults",
  summary: "end faults, and have everything as before",
  description:
    "Ends one fault by its id, all of a provider by its name, or all there are. Others stay as they are. Returns when nothing of it is in force any more.",
  arguments: [{ usage: "[fault-or-provider]", description: "the id of a fault, or the name of a provider" }],
  options: [
    { flags: "--all", description: "all faults of the lab, or of all labs where none is of this folder" },
    LAB,
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["fault clear alpha-1", "one"],
    ["fault clear alpha", "all of a provider"],
    ["fault clear --all", "all"],
  ],
  next: ["status"],
  run: runClear,
};

/** `mhlab fault kinds|inject|list|clear`. */
export const faultCommands: readonly CommandDefinition[] = [
  kindsCommand,
  injectCommand,
  listCommand,
  clearCommand,
  { ...clearCommand, path: ["fault", "heal"], summary: "the same as `fault clear`" },
];

async function runKinds(context: Context, input: Input): Promise<Outcome> {
  const [{ catalogued }, { renderKind, renderKinds }] = await Promise.all([
    import("../../core/model/faults/kinds.ts"),
    import("../views/faults.ts"),
  ]);
  const kind = word(input, 0);
  const view = viewOn(context.stdout);
  if (kind === undefined) return { json: { kinds: FAULT_KINDS.map(catalogued) }, text: renderKinds(view) };
  if (isFaultKind(kind)) return { json: catalogued(kind), text: renderKind(kind, view) };
  const { faultRequest } = await import("../../app/faults.ts");
  faultRequest(kind, {});
  return {};
}

async function runInject(context: Context, input: Input): Promise<Outcome> {
  const kind = word(input, 0) ?? "";
  const provider = word(input, 1) ?? "";
  const options = await withFiles(context, kind, await givenOptions(input));
  const [{ faultRequest, injectFault }, { renderSentences }] = await Promise.all([
    import("../../app/faults.ts"),
    import("../views/sentences.ts"),
  ]);
  const request = faultRequest(kind, options);
  const node = await findNode(context, { name: provider, lab: text(input, "lab"), role: "bng" });
  const { fault, done } = await injectFault(node, request, context.signal);
  const ends =
    options["for"] === undefined
      ? `until it is cleared: ${context.self} fault clear ${fault.id}`
      : `for ${options["for"]}; sooner: ${context.self} fault clear ${fault.id}`;
  const said = done === undefined ? `${kind} is in force at ${provider} ${ends}` : `${provider}: ${done}`;
  return {
    json: { lab: node.lab, provider, fault, ...(done === undefined ? {} : { done }) },
    text: renderSentences([`${fault.id}: ${said}`], viewOn(context.stdout)),
  };
}

async function runList(context: Context, input: Input): Promise<Outcome> {
  const [{ findFaults }, { renderFaults }, engines] = await Promise.all([
    import("../../app/faults.ts"),
    import("../views/faults.ts"),
    context.engines(),
  ]);
  const named = word(input, 0);
  const nodes =
    named === undefined ? await nodesHere(context) : (await findLab(context, engines, named)).nodes;
  const { faults, silent } = await findFaults(nodes, context.signal);
  warnOf(silent, context);
  const listed = faults.map(listedOf);
  return { json: { faults: listed, silent }, text: renderFaults(listed, viewOn(context.stdout)) };
}

async function runClear(context: Context, input: Input): Promise<Outcome> {
  const [
    { chooseFaults, findFaults, clearFaults },
    { renderSentences },
    { metText },
    { UsageError },
    engines,
  ] = await Promise.all([
    import("../../app/faults.ts"),
    import("../views/sentences.ts"),
    import("../views/status-providers.ts"),
    import("../../core/model/errors.ts"),
    context.engines(),
  ]);
  const [wanted, lab] = [word(input, 0), text(input, "lab")];
  if ((wanted === undefined) !== flag(input, "all"))
    throw new UsageError("which faults are to be cleared is not said", {
      hint: "the id of a fault, the name of a provider, or --all: mhlab fault list tells which there are",
      state: "Nothing was changed.",
    });
  const seen = (await engines.look(context.signal)).nodes;
  const preferred = lab === undefined ? await preferredLab(context, seen) : undefined;
  // A name that this folder's lab has not is looked for in all.
  const chosenLab = wanted === undefined ? (lab ?? preferred) : lab;
  const nodes = seen.filter((one) => chosenLab === undefined || one.lab === chosenLab);
  const found = await findFaults(nodes, context.signal);
  warnOf(found.silent, context);
  const cleared = await clearFaults(
    wanted === undefined ? found.faults : chooseFaults(wanted, found, preferred),
    context.signal,
  );
  const sentences = cleared.map(({ fault, node }) => {
    return `${fault.id}: ${fault.kind} at ${node.name} is cleared; ${metText(fault.hits)}`;
  });
  return {
    json: { cleared: cleared.map(listedOf) },
    text: renderSentences(
      sentences.length === 0 ? ["no fault is injected"] : sentences,
      viewOn(context.stdout),
    ),
  };
}

/** The nodes of this folder's lab, else of all labs. */
async function nodesHere(context: Context): Promise<readonly SeenNode[]> {
  const { nodes } = await (await context.engines()).look(context.signal);
  if (nodes.length === 0) await refuseNoLab(context);
  const preferred = await preferredLab(context, nodes);
  return nodes.filter((one) => preferred === undefined || one.lab === preferred);
}

function warnOf(silent: readonly string[], { stderr }: Context): void {
  if (silent.length === 0) return;
  stderr.write(`not running or not answering, so nothing is known of their faults: ${silent.join(", ")}\n`);
}

function listedOf({
  node,
  fault,
}: ProviderFault): ProviderFault["fault"] & { lab: string; provider: string } {
  return { lab: node.lab, provider: node.name, ...fault };
}

/** Options of the kind as they were typed, with those that have a flag. Throws UsageError for a word that is none, and for one given twice. */
async function givenOptions(input: Input): Promise<Record<string, string>> {
  const flags = ["for", "direction", "from", "protocol"].flatMap((name) => {
    const value = text(input, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const given = new Map<string, string>(flags);
  const { UsageError } = await import("../../core/model/errors.ts");
  for (const one of words(input, 2)) {
    const at = one.indexOf("=");
    const name = one.slice(0, Math.max(at, 0));
    if (at < 1)
      throw new UsageError(`'${one}' is no option`, {
        hint: "options of a fault are name=value, such as mtu=9000",
      });
    if (given.has(name)) throw new UsageError(`${name} is given twice`);
    given.set(name, one.slice(at + 1));
  }
  return Object.fromEntries(given);
}

/** The options that a kind has, for completion. */
async function optionWords([kind]: readonly string[]): Promise<string[]> {
  if (!isFaultKind(kind)) return [];
  const { catalogued } = await import("../../core/model/faults/kinds.ts");
  return catalogued(kind).options.map(({ name }) => `${name}=`);
}

/** The content of files in the place of their paths, in the short form in which it is kept. Throws UsageError for a file that cannot be read. */
async function withFiles(
  context: Context,
  kind: string,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  if (!isFaultKind(kind)) return given;
  const [{ faultRecord }, { UsageError }] = await Promise.all([
    import("../../core/model/faults/kinds.ts"),
    import("../../core/model/errors.ts"),
  ]);
  const { options } = faultRecord(kind);
  const read = async (name: string, path: string): Promise<string> => {
    const one = options[name];
    if (one?.isFile !== true) return path;
    const content = await (await context.labSource()).read(path).catch((error: unknown) => {
      const why = reasonOf(error);
      throw new UsageError(`the file of ${name} cannot be read: ${why}`, { state: "Nothing was changed." });
    });
    if (one.parse(content) === undefined)
      throw new UsageError(`${path} is no ${name} for ${kind}`, {
        hint: `right would be ${one.right}`,
        state: "Nothing was changed.",
      });
    return content;
  };
  const pairs = Object.entries(given).map(async ([name, value]) => [name, await read(name, value)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}
