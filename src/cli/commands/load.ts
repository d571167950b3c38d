import { ExitCode } from "../../core/model/errors.ts";
import { isLoadKind, LOAD_KINDS, loadRecord, type LoadKind } from "../../core/judge/load/registry.ts";
import { FORMAT_OPTIONS, type OptionDefinition } from "./command-text.ts";
import { viewOn, type Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findNode } from "./find-lab.ts";
import { text, wantsJson, word, words, type Input, type Outcome } from "./input.ts";

const kindsCommand: CommandDefinition = {
  path: ["load", "kinds"],
  asksEngine: false,
  group: "Experiments",
  summary: "the tools that make loads, with their options and what they measure",
  description:
    "Lists the kinds of loads; with a kind, its options, what it measures and what it costs. A scenario asks for the same with a `load` step.",
  arguments: [{ usage: "[kind]", description: "one kind, in full", choices: LOAD_KINDS }],
  options: FORMAT_OPTIONS,
  examples: [
    ["load kinds", "all of them, in a line each"],
    ["load kinds iperf3", "one, with its options"],
  ],
  next: ["load iperf3 --from <host>"],
  run: runKinds,
};

const COMMON: readonly OptionDefinition[] = [
  { flags: "--for <time>", description: "how long, in whole seconds; by default 10s" },
  { flags: "--out <folder>", description: "a new or empty folder for the tool's output and loads.csv" },
  {
    flags: "--lab <name>",
    description: "which lab; left out: of several, that of this folder's lab.yaml first",
  },
  ...FORMAT_OPTIONS,
];

const AT_LINK: readonly OptionDefinition[] = [
  {
    flags: "--at-link <provider>",
    description: "the provider at whose access link it plays customers, beside the WAN of a bundled CPE",
  },
  ...COMMON,
];

const OPTIONS: readonly OptionDefinition[] = [
  { flags: "--from <node>", description: "the host or CPE that it runs in" },
  {
    flags: "--source <source>",
    description: "a provider or an address to send from; by default the kernel's choice",
  },
  {
    flags: "--target <address>",
    description: "where to; by default the bundled internet, which gets a server for it",
  },
  ...COMMON,
];

const commandOf = (kind: LoadKind): CommandDefinition => ({
  path: ["load", kind],
  group: "Experiments",
  summary: loadRecord(kind).summary,
  description: `Runs ${loadRecord(kind).tool} ${loadRecord(kind).atLink === true ? "at a provider's access link" : "in a host or CPE"}, shows what it measures, and sums it up. It ends after its time, on Ctrl-C, and within seconds when this program is killed. Exit code 0 if the tool ended well, 1 if not, 127 if the node does not have it.`,
  arguments: [
    {
      usage: "[option...]",
      description: `options of the tool, as name=value: see \`mhlab load kinds ${kind}\``,
      after: () =>
        Promise.resolve(Object.keys(loadRecord(kind).schema.properties ?? {}).map((name) => `${name}=`)),
    },
  ],
  options: loadRecord(kind).atLink === true ? AT_LINK : OPTIONS,
  examples:
    loadRecord(kind).atLink === true
      ? [[`load ${kind} --at-link alpha`, "beside the WAN of a bundled CPE"]]
      : [
          [`load ${kind} --from home-host1 --for 10s`, "to the bundled internet"],
          [`load ${kind} --from home-host1 --source alpha --out load`, "by one provider, and kept"],
        ],
  next: ["load kinds", "run <scenario.yaml>"],
  run: (context, input) => runOne(context, input, kind),
});

/** `mhlab load kinds`, and one command for each kind. */
export const loadCommands: readonly CommandDefinition[] = [kindsCommand, ...LOAD_KINDS.map(commandOf)];

async function runKinds(context: Context, input: Input): Promise<Outcome> {
  const { catalogued, renderLoadKind, renderLoadKinds } = await import("../views/loads.ts");
  const kind = word(input, 0);
  const view = viewOn(context.stdout);
  if (kind === undefined) return { json: { kinds: LOAD_KINDS.map(catalogued) }, text: renderLoadKinds(view) };
  if (isLoadKind(kind)) return { json: catalogued(kind), text: renderLoadKind(kind, view) };
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`there is no load '${kind}'`, { hint: `possible: ${LOAD_KINDS.join(", ")}` });
}

async function runOne(context: Context, input: Input, kind: LoadKind): Promise<Outcome> {
  const asked = await askedIn(input, kind);
  const node = await findNode(context, { name: asked.node, lab: text(input, "lab") });
  const [{ loadByHand }, { latestOf }, { nodesOf }, { renderSentences }, engines, folders] =
    await Promise.all([
      import("../../app/load/interactive.ts"),
      import("../../core/judge/load/summary.ts"),
      import("../../app/agents/engines.ts"),
      import("../views/sentences.ts"),
      context.engines(),
      context.runFolders(),
    ]);
  const nodes = nodesOf(await engines.look(context.signal), node.lab).filter(({ runs }) => runs);
  const out = text(input, "out");
  const shown = !wantsJson(input);
  const done = await loadByHand(asked, {
    nodes,
    folders,
    out,
    signal: context.signal,
    onSamples(samples) {
      if (!shown) return;
      for (const line of latestOf(samples).values()) context.stderr.write(`${line}\n`);
    },
  });
  const { outcome, detail, exitCode, samples } = done;
  const kept = out === undefined ? [] : [`${out} holds the output of ${loadRecord(kind).tool} and loads.csv`];
  return {
    json: {
      kind,
      node: asked.node,
      source: asked.source,
      target: asked.target,
      outcome,
      detail,
      exitCode,
      out: out ?? null,
      samples,
    },
    text: renderSentences(
      [`${kind} at ${asked.node}: ${outcome === "done" ? "" : `${outcome}: `}${detail}`, ...kept],
      viewOn(context.stdout),
    ),
    exitCode:
      outcome === "done" ? ExitCode.ok : outcome === "unsupported" ? ExitCode.unsupported : ExitCode.failed,
  };
}

/** The load that the words of a command ask for, read as a step of a scenario is. Throws UsageError. */
async function askedIn(input: Input, kind: LoadKind) {
  const [{ UsageError }, { STEP_LIST }, { Trouble }] = await Promise.all([
    import("../../core/model/errors.ts"),
    import("../../core/judge/scenario/steps/registry.ts"),
    import("../../core/judge/scenario/entries/entry.ts"),
  ]);
  const key = loadRecord(kind).atLink === true ? "at-link" : "from";
  const place = text(input, key === "from" ? key : "atLink");
  if (place === undefined)
    throw new UsageError("it is not said where the load runs", {
      hint: key === "from" ? "name a host or CPE: --from home-host1" : "name a provider: --at-link alpha",
      state: "Nothing was changed.",
    });
  const options = words(input, 0).map((one): [string, string] => {
    const at = one.indexOf("=");
    if (at < 1)
      throw new UsageError(`'${one}' is no option`, {
        hint: "options of a load are name=value, such as parallel=4",
      });
    return [one.slice(0, at), one.slice(at + 1)];
  });
  const given = Object.fromEntries(
    ["source", "target", "for"].flatMap((name) => {
      const value = text(input, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const written = STEP_LIST.kinds["load"]?.read({
    load: kind,
    [key]: place,
    ...given,
    options: Object.fromEntries(options),
  });
  if (written instanceof Trouble || written?.action.do !== "load") {
    const [problem] = written instanceof Trouble ? written.findings : [];
    throw new UsageError(problem?.message ?? "this is no load", {
      ...(problem === undefined ? {} : { hint: problem.hint }),
      state: "Nothing was changed.",
    });
  }
  return { ...written.action, id: kind };
}
