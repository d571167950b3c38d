/**
 * The folder of a run as an RO-Crate 1.2 (w3id.org/ro/crate/1.2) of the profile Process Run Crate 0.5: one action, the run, that made
 * the files from scenario, lab and inputs by mhlab.
 */
import { INPUTS } from "../../core/judge/experiment/file-names.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { FolderFile } from "./format.ts";
import { countSentence, OUTCOMES, resultOf } from "../../core/judge/evidence/outcomes.ts";
import { titleOf } from "../../core/judge/evidence/paths.ts";

const CRATE = "https://w3id.org/ro/crate/1.2";
const PROFILE = "https://w3id.org/ro/wfrun/process/0.5";
/** Terms of the profile that the context of RO-Crate lacks. */
const RUN_TERMS = "https://w3id.org/ro/terms/workflow-run/context";
const METADATA = "ro-crate-metadata.json";
const NS_PER_S = 1e9;

type Entity = { readonly "@id": string; readonly "@type": string | readonly string[] } & Readonly<
  Record<string, unknown>
>;
interface Reference {
  readonly "@id": string;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  gz: "application/gzip",
  html: "text/html",
  json: "application/json",
  md: "text/markdown",
  ndjson: "application/x-ndjson",
  om: "application/openmetrics-text",
  pcapng: "application/x-pcapng",
  tar: "application/x-tar",
  xml: "application/xml",
  yaml: "application/yaml",
};

/** The metadata document of the folder; `files` are all that lie in it. */
export function writeCrate(record: RunRecord, files: readonly FolderFile[]): string {
  const data = files.filter(({ path }) => path !== METADATA);
  const graph: Entity[] = [
    {
      "@id": METADATA,
      "@type": "CreativeWork",
      about: ref("./"),
      conformsTo: ref(CRATE),
    },
    rootOf(record, data),
    { "@id": PROFILE, "@type": ["CreativeWork", "Profile"], name: "Process Run Crate", version: "0.5" },
    licenceOf(record),
    runOf(record, data),
    mhlabOf(record),
    ...imagesOf(record),
    ...data.map(fileOf),
  ];
  return `${JSON.stringify({ "@context": [`${CRATE}/context`, RUN_TERMS], "@graph": graph }, null, 2)}\n`;
}

function rootOf(record: RunRecord, data: readonly FolderFile[]): Entity {
  const { scenario, lab, startedAt } = record;
  return {
    "@id": "./",
    "@type": "Dataset",
    conformsTo: ref(PROFILE),
    name: titleOf(record),
    description: `${scenario.title ?? `Record of the scenario ${scenario.name}`} (lab ${lab}; ${OUTCOMES[resultOf(record)].word}: ${countSentence(record.verdicts)})`,
    datePublished: startedAt,
    license: ref(licenceOf(record)["@id"]),
    hasPart: data.map(({ path }) => ref(idOf(path))),
    mentions: ref("#run"),
  };
}

/** A licence is always named: also that there is none, which is not the same as a forgotten one. */
function licenceOf({ licence }: RunRecord): Entity {
  return licence === null
    ? {
        "@id": "#no-licence",
        "@type": "CreativeWork",
        name: "No licence stated",
        description: "Whoever ran this has stated no licence for the data; all rights stay with them.",
      }
    : {
        "@id": `https://spdx.org/licenses/${licence}`,
        "@type": "CreativeWork",
        name: licence,
        description: `The licence of the data, by its SPDX identifier ${licence}.`,
        identifier: licence,
      };
}

function runOf(record: RunRecord, data: readonly FolderFile[]): Entity {
  const { startedAt, startedNs, durationS, partial, scenario } = record;
  const references = (some: readonly FolderFile[]): Reference[] => some.map(({ path }) => ref(idOf(path)));
  return {
    "@id": "#run",
    "@type": "CreateAction",
    name: `Run of the scenario ${scenario.name}`,
    description:
      "mhlab brought the lab up, did the steps of the scenario, and recorded what nodes and probes saw.",
    startTime: startedAt,
    endTime: formatUtc(Number(startedNs) / NS_PER_S + durationS, 6),
    instrument: ref("#mhlab"),
    object: references(data.filter(isInput)),
    result: references(data.filter((file) => !isInput(file))),
    containerImage: imagesOf(record).map(({ "@id": id }) => ref(id)),
    actionStatus: ref(`http://schema.org/${partial ? "Failed" : "Completed"}ActionStatus`),
    ...(partial ? { error: "The run was cut short." } : {}),
  };
}

function isInput({ path }: FolderFile): boolean {
  return path === "scenario.yaml" || path === "lab.yaml" || path.startsWith(`${INPUTS}/`);
}

function mhlabOf({ machine }: RunRecord): Entity {
  const { mhlab, commit, kernel, engine } = machine;
  return {
    "@id": "#mhlab",
    "@type": "SoftwareApplication",
    name: "mhlab",
    description:
      "Emulates several IPv6 providers, home routers and hosts on one machine, and runs experiments with them.",
    softwareVersion: mhlab,
    ...(commit === null ? {} : { identifier: commit }),
    ...(kernel === "" ? {} : { operatingSystem: kernel }),
    ...(engine === "" ? {} : { softwareRequirements: `Docker engine at ${engine}` }),
    license: ref("https://spdx.org/licenses/Apache-2.0"),
  };
}

/** One entity for each image, not for each node. `images` has references with the id of the image after a blank. */
function imagesOf({ machine }: RunRecord): Entity[] {
  return [...new Set(Object.values(machine.images))].map((image, index) => {
    const [reference = "", id = ""] = image.split(" ");
    const [, name, tag] = /^(.*?)(?::([^:/]*))?$/.exec(reference) ?? [];
    const sha256 = /sha256:([0-9a-f]{64})/.exec(image)?.[1];
    return {
      "@id": `#image-${index + 1}`,
      "@type": "ContainerImage",
      additionalType: ref("https://w3id.org/ro/terms/workflow-run#DockerImage"),
      name: name ?? reference,
      ...(tag === undefined || id === "" ? {} : { tag }),
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  });
}

function fileOf({ path, what }: FolderFile): Entity {
  const type = MEDIA_TYPES[path.split(".").at(-1) ?? ""];
  return {
    "@id": idOf(path),
    "@type": "File",
    name: path,
    description: what,
    ...(type === undefined ? {} : { encodingFormat: type }),
  };
}

/** A path as a relative IRI. */
function idOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function ref(id: string): Reference {
  return { "@id": id };
}
