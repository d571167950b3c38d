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
    from: named("The host or CPE that it runs in.", "home-host1").optional(),
    "at-link": named(
      "The provider at whose access link it plays customers, in place of `from`: for `perfdhcp`.",
      "alpha",
    ).optional(),
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
  refs: { from: "customer", "at-link": "provider", source: "source" },
  fields: {
    kind: z.enum(LOAD_KINDS),
    /** Of a load at an access link: its provider. */
    node: z.string(),
    source: z.string().nullable(),
    target: z.string(),
    /** As they are written. */
    options: z.record(z.string(), z.string()),
    forS: z.number(),
  },
  read({ load: kind, from, "at-link": link, source = null, target, options = {}, for: forS = USUAL_S }) {
    const { atLink = false, target: usual = INTERNET_ADDRESS } = loadRecord(kind);
    const place = { from, link, target };
    const wrong = atLink ? wrongFleet(kind, { ...place, source }) : wrongPath(kind, place);
    const problem = wrong ?? wrongOrder(kind, options, forS);
    if (problem !== undefined) return problem;
    const node = link ?? from ?? "";
    return { kind, node, source, target: atLink ? node : (target ?? usual), options, forS };
  },
  command: ({ kind, node, source, target, options, forS }) =>
    [
      `mhlab load ${kind} ${loadRecord(kind).atLink === true ? "--at-link" : "--from"} ${node}`,
      ...(source === null ? [] : [`--source ${source}`]),
      ...([node, loadRecord(kind).target ?? INTERNET_ADDRESS].includes(target) ? [] : [`--target ${target}`]),
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

type Place = Readonly<Record<"from" | "link" | "target", string | undefined>>;

/** What is wrong with where a load at an access link is; undefined when nothing is. */
function wrongFleet(
  kind: LoadKind,
  { from, link, target, source }: Place & { readonly source: string | null },
): Trouble | undefined {
  const other = [
    ["from", from],
    ["source", source],
    ["target", target],
  ].find(([, value]) => typeof value === "string")?.[0];
  if (typeof other === "string")
    return Trouble.at([other], "MHLAB_SCENARIO_STEP", [
      `${kind} plays customers at an access link and has no ${other}`,
      "take it out; at-link: names the provider",
    ]);
  if (link !== undefined) return undefined;
  return Trouble.at([], "MHLAB_LAB_MISSING", [
    `${kind} does not say at which access link`,
    "add the provider: at-link: alpha",
  ]);
}

/** What is wrong with where any other load comes from and goes to; undefined when nothing is. */
function wrongPath(kind: LoadKind, { from, link, target }: Place): Trouble | undefined {
  if (link !== undefined)
    return Trouble.at(["at-link"], "MHLAB_SCENARIO_STEP", [
      `${kind} runs in a host or CPE, not at an access link`,
      "name it with from: home-host1",
    ]);
  if (from === undefined)
    return Trouble.at([], "MHLAB_LAB_MISSING", [
      `${kind} does not say where it runs`,
      "name a host or CPE: from: home-host1",
    ]);
  if (target === undefined || loadRecord(kind).target !== undefined || parseIp6(target) !== undefined)
    return undefined;
  return Trouble.at(["target"], "MHLAB_SCENARIO_STEP", [
    `${kind} goes to an address, not to a name`,
    `write an address such as ${INTERNET_ADDRESS}`,
  ]);
}

/** What is wrong with the options of a load or with how long it is to last; undefined when it is right. */
function wrongOrder(
  kind: LoadKind,
  options: Readonly<Record<string, string>>,
  forS: number,
): Trouble | undefined {
  const { read, longestS } = loadRecord(kind);
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
