/** Traffic of an established tool. */
import * as z from "zod";
import { LOADS_FOLDER } from "../../experiment/file-names.ts";
import { INTERNET_ADDRESS } from "../../../model/internet/config.ts";
import { parseIp6 } from "../../../model/ip6.ts";
import { shellWord } from "../../../model/words.ts";
import type { JsonSchema } from "../../../model/yaml/json-schema.ts";
import { LOAD_KINDS, loadRecord, type LoadKind } from "../../load/registry.ts";
import { Trouble } from "../entries/entry.ts";
import { destination, named, oneOf, source as sourceValue, time } from "../entries/values.ts";
import { stepKind } from "./kind.ts";

const USUAL_S = 10;
/** Beside the time that it is asked to last: its server starts, the connection opens, and the last answers come. */
const AROUND_S = 30;
const OPTIONS = "Options of the tool; `mhlab load kinds` lists them.";

/** A load that a tool makes; the step is done when the tool has ended. */
export const load = stepKind("load", {
  summary:
    "sends real traffic by an established tool, keeps its output in `loads/` and records what it measured",
  example: "{at: 2s, load: iperf3, from: home-host1, source: alpha, options: {parallel: 4}, for: 30s}",
  shape: {
    load: oneOf(LOAD_KINDS, "Which tool."),
    from: named("The host or CPE that it runs in.", "home-host1"),
    source: sourceValue(
      "From which address: a provider or one address; left out: as the kernel chooses.",
    ).optional(),
    target: destination(
      "To where: the bundled internet answers all tools; elsewhere its server has to run. `happy-eyeballs` takes a name.",
    ).optional(),
    options: z.record(z.string(), z.string()).meta({ description: OPTIONS }).optional(),
    for: time("How long, in whole seconds.", { min: 1, usual: "10s" }).optional(),
  },
  forEditors: (schema) => ({ ...schema, properties: { ...schema.properties, options: optionsSchema() } }),
  refs: { from: "customer", source: "source" },
  fields: {
    kind: z.enum(LOAD_KINDS),
    node: z.string(),
    source: z.string().nullable(),
    target: z.string(),
    /** As they are written. */
    options: z.record(z.string(), z.string()),
    forS: z.number(),
  },
  read({
    load: kind,
    from: node,
    source = null,
    target = loadRecord(kind).target ?? INTERNET_ADDRESS,
    options = {},
    for: forS = USUAL_S,
  }) {
    const problem = wrongOrder(kind, { options, target, forS });
    return problem ?? { kind, node, source, target, options, forS };
  },
  command: ({ kind, node, source, target, options, forS }) =>
    [
      `mhlab load ${kind} --from ${node}`,
      ...(source === null ? [] : [`--source ${source}`]),
      ...(target === (loadRecord(kind).target ?? INTERNET_ADDRESS) ? [] : [`--target ${target}`]),
      `--for ${forS}s`,
      ...Object.entries(options).map(([key, value]) => shellWord(`${key}=${value}`)),
    ].join(" "),
  limitS: ({ forS }) => forS + AROUND_S,
  node: ({ node }) => node,
  lastsS: ({ forS }) => forS,
  saves: ({ id, kind }) => ({
    key: "id",
    file: `${LOADS_FOLDER}/${id.replaceAll(/[^\w-]+/g, "-").replace(/^-|-$/g, "")}.${loadRecord(kind).extension}`,
  }),
});

/** What is wrong with the options of a load or with how long it is to last; undefined when it is right. */
function wrongOrder(
  kind: LoadKind,
  {
    options,
    target,
    forS,
  }: {
    readonly options: Readonly<Record<string, string>>;
    readonly target: string;
    readonly forS: number;
  },
): Trouble | undefined {
  const { read, longestS, target: usual } = loadRecord(kind);
  if (usual === undefined && parseIp6(target) === undefined)
    return Trouble.at(["target"], "MHLAB_SCENARIO_STEP", [
      `${kind} goes to an address, not to a name`,
      `write an address such as ${INTERNET_ADDRESS}`,
    ]);
  const checked = read(options);
  if (!("options" in checked))
    return new Trouble(checked.map((finding) => ({ ...finding, path: ["options", ...finding.path] })));
  if (Number.isInteger(forS) && forS <= longestS) return undefined;
  return Trouble.at(["for"], "MHLAB_SCENARIO_STEP", [
    Number.isInteger(forS) ? `${kind} cannot last ${forS} s` : `${forS} s are no whole seconds`,
    Number.isInteger(forS) ? `at most ${longestS} s` : "tools count whole seconds: 1s, 30s, 2m",
  ]);
}

/** For editors: the options of each tool. */
function optionsSchema(): JsonSchema {
  return {
    description: OPTIONS,
    anyOf: LOAD_KINDS.map((kind) => ({ title: kind, ...loadRecord(kind).schema })),
  };
}
