/** The document of a BNG: a provider of lab.yaml, in a file of its own, with the variables that the image was described with. */
import {
  mergeSettings,
  setAt,
  valueAt,
  type DocumentProblem,
  type DocumentRead,
  type NodeDocument,
} from "../../model/document.ts";
import { desiredDocument, type RuntimeOverride } from "../../model/intent/runtime-override.ts";
import { parsePrefix6 } from "../../model/ip6.ts";
import { resolveProvider } from "../../model/lab/resolve.ts";
import { checkProvider } from "../../model/lab/rules.ts";
import { providerMap, type ProviderEntry } from "../../model/lab/schema.ts";
import { bngSubscriber } from "../../model/links/bng.ts";
import {
  MAX_PROVIDER_NAME,
  PRESHARED_KEY_FILE,
  PRIVATE_KEY_FILE,
  PROVIDER_FILE,
  wireguardInterface,
} from "../../model/names.ts";
import { documentFor } from "../../model/renumbering/document.ts";
import { endOf } from "../../model/renumbering/phases.ts";
import { deriveLinkLocal } from "../../model/settings/router-advertisement.ts";
import { parseKey, showValue } from "../../model/values/parse.ts";
import { BadValue, name, type ReadScalar } from "../../model/values/scalars.ts";
import { checkDocument, nodeFile } from "../../model/yaml/node-file.ts";
import { scalar } from "../../model/yaml/scalar.ts";
import type { BngConfig, KeySource, Network } from "./config.ts";

/** What is said of the file. */
export const PROVIDER_FILE_KIND = nodeFile("a provider's document", "the provider", "name and prefix");

type Variables = Readonly<Record<string, string | undefined>>;

/** The places that variables of the container fill; they count more than the file. */
const PLACES: Readonly<Record<string, string>> = {
  WIREGUARD_INTERFACE_SUFFIX: "name",
  WIREGUARD_PEER: "wireguard.peer",
  WIREGUARD_ADDRESS: "wireguard.address",
  WIREGUARD_ENDPOINT: "wireguard.endpoint",
  ASSIGNED_PREFIX: "prefix",
  SUBSCRIBER_INTERFACE: "subscriber.interface",
};

/** By hand, a BNG may have any name that fits an interface. */
const suffix: ReadScalar<string> = (text) =>
  text.length <= MAX_PROVIDER_NAME && /^[A-Za-z0-9_.-]+$/.test(text)
    ? text
    : new BadValue(
        "MHLAB_LAB_NAME",
        `${showValue(text)} cannot be a name`,
        `use 1 to ${MAX_PROVIDER_NAME} characters of A-Z a-z 0-9 _ . -`,
      );

const schema = providerMap.extend({
  name: scalar(suffix, { description: "Unique name of the provider." }),
  lab: scalar(name(30, "it becomes part of container names"), {
    description: "Name of the lab that the provider belongs to.",
  }).optional(),
});

/** Owner of a LAN that no lab made. */
const NO_LAB = "by-hand";

/** The document with what the variables say; a bare prefix means a /48. */
export function withVariables(document: NodeDocument, variables: Variables): NodeDocument {
  let filled = document;
  for (const [variable, place] of Object.entries(PLACES)) {
    const text = variables[variable]?.trim() ?? "";
    if (text === "") continue;
    if (place === "subscriber.interface") filled = { ...filled, subscriber: { interface: text } };
    else if (place === "prefix" && !text.includes("/")) filled = { ...filled, prefix: `${text}/48` };
    else filled = setAt(filled, place.split("."), text);
  }
  return filled;
}

/** The variable that fills a place of the document; undefined where the file or nobody does. */
export function variableAt(path: DocumentProblem["path"], variables: Variables): string | undefined {
  const place = path.join(".");
  return Object.keys(PLACES).find(
    (variable) => PLACES[variable] === place && (variables[variable]?.trim() ?? "") !== "",
  );
}

/** Where the private key is: in a file that a variable names, in a variable, or where mhlab puts it. */
export function privateKeyOf(variables: Variables): KeySource | DocumentProblem {
  const file = variables["WIREGUARD_PRIVATE_KEY_FILE"]?.trim() ?? "";
  const value = variables["WIREGUARD_PRIVATE_KEY"]?.trim() ?? "";
  if (file !== "" || value === "") return { file: file === "" ? PRIVATE_KEY_FILE : file };
  if (parseKey(value) !== undefined) return { value };
  return {
    path: [],
    message: "WIREGUARD_PRIVATE_KEY is not a WireGuard key",
    hint: "give 44 characters of base64, as `wg genkey` prints (the value is not shown)",
  };
}

/** What a BNG is to be by its document and override: its configuration, or every problem at once. */
export function readBngDocument(
  document: NodeDocument,
  override: RuntimeOverride,
  privateKey: KeySource,
): DocumentRead<BngConfig> {
  const read = readProvider(desiredDocument(document, override), privateKey);
  if (read.config === undefined || override.prefixes === undefined) return read;
  const current = mergeSettings(document, override.settings);
  const networks: Network[] = [];
  for (const phase of override.prefixes) {
    const prefix = parsePrefix6(phase.prefix);
    if (prefix === undefined) continue;
    const one = readProvider(documentFor(current, prefix), privateKey);
    if (one.config === undefined) return one;
    const { transfer, pool, delegatedLength } = one.config;
    networks.push({ prefix, transfer, pool, delegatedLength, state: phase.state, endsAtS: endOf(phase) });
  }
  const hasCurrent = networks[0]?.state === "current";
  return { config: { ...read.config, ...(hasCurrent ? {} : { pool: undefined }), networks } };
}

function readProvider(document: NodeDocument, privateKey: KeySource): DocumentRead<BngConfig> {
  const missing = Object.entries(PLACES).flatMap(([variable, place]) => missingAt(document, variable, place));
  const checked = checkDocument(schema, document, PROVIDER_FILE_KIND);
  if (checked.problems !== undefined) {
    // What is missing altogether is told with the variable that gives it as well.
    const others = checked.problems.filter(
      ({ code, path }) => code !== "MHLAB_LAB_MISSING" || path.length > 0,
    );
    return { problems: [...missing, ...others] };
  }
  if (missing.length > 0) return { problems: missing };
  const { lab = NO_LAB, ...entry } = checked.config;
  const problems = checkProvider(entry);
  return problems.length > 0 ? { problems } : { config: configOf(entry, lab, privateKey) };
}

function missingAt(document: NodeDocument, variable: string, place: string): DocumentProblem[] {
  const key = place === "subscriber.interface" ? "subscriber" : place;
  if (valueAt(document, key) !== undefined) return [];
  return [
    {
      path: [],
      message: `the provider has no ${key}`,
      hint: `give it in ${PROVIDER_FILE}, or by ${variable}`,
    },
  ];
}

function configOf(entry: ProviderEntry, lab: string, privateKey: KeySource): BngConfig {
  const { wireguard, subscriber, resolver: _, ...provider } = resolveProvider(entry, { internet: undefined });
  if (wireguard.kind !== "real") throw new TypeError(`${entry.name} does not say where its tunnel ends`);
  const { kind: __, presharedKey, address, probe, ...tunnel } = wireguard;
  return {
    ...provider,
    wireguard: {
      ...tunnel,
      interface: wireguardInterface(entry.name),
      privateKey,
      presharedKeyFile: presharedKey ? PRESHARED_KEY_FILE : undefined,
      address: address.address,
      addressLength: address.length,
    },
    subscriber: bngSubscriber(subscriber, { lab, provider: entry.name }),
    linkLocal: deriveLinkLocal(entry.name),
    probe,
  };
}
