/** What RO-Crate 1.2 and Process Run Crate 0.5 require of ro-crate-metadata.json, and what README.md says. */
import { describe, expect, test } from "vitest";
import { evidenceFiles } from "../../../../../src/features/report/files.ts";
import type { RunRecord } from "../../../../../src/core/judge/scenario/record.ts";
import { runRecord } from "../../../support/run-record.ts";

type Entity = Readonly<Record<string, unknown>> & { "@id": string; "@type": string | string[] };

const OTHERS = ["events.ndjson", "alpha.pcapng", "inputs/my conf", "logs/ping.txt", "run.json"];

function filesOf(record: RunRecord): Map<string, string> {
  return new Map(
    [...evidenceFiles(record, OTHERS)].map(({ path, content }) => [path, String(content)] as const),
  );
}

function crateOf(record: RunRecord): Map<string, Entity> {
  const crate = JSON.parse(filesOf(record).get("ro-crate-metadata.json") ?? "") as {
    "@context": unknown;
    "@graph": Entity[];
  };
  expect(crate["@context"]).toEqual([
    "https://w3id.org/ro/crate/1.2/context",
    "https://w3id.org/ro/terms/workflow-run/context",
  ]);
  const ids = crate["@graph"].map((entity) => entity["@id"]);
  expect(new Set(ids).size).toBe(ids.length);
  return new Map(crate["@graph"].map((entity) => [entity["@id"], entity]));
}

/** All references of an entity. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "@id" ? [String(inner)] : references(inner),
  );
}

const SEVERAL = [
  ["a whole run", runRecord()],
  ["one without a licence, cut short", { ...runRecord(), licence: null, partial: true }],
] as const;

describe.each(SEVERAL)("%s", (_, record) => {
  const crate = crateOf(record);
  const root = crate.get("./");

  test("the descriptor names the specification and the root", () => {
    expect(crate.get("ro-crate-metadata.json")).toMatchObject({
      "@type": "CreativeWork",
      about: { "@id": "./" },
      conformsTo: { "@id": "https://w3id.org/ro/crate/1.2" },
    });
  });

  test("the root has what the specification requires", () => {
    expect(root).toMatchObject({ "@type": "Dataset", name: "silent-upstream" });
    for (const key of ["name", "description", "datePublished", "license"]) expect(root).toHaveProperty(key);
    expect(String(root?.["datePublished"])).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(references(root?.["conformsTo"])).toEqual(["https://w3id.org/ro/wfrun/process/0.5"]);
  });

  test("every reference within the crate leads to an entity with a type and a name", () => {
    const broken = [...crate].flatMap(([id, { "@id": _id, ...rest }]) => [
      ...(id !== "ro-crate-metadata.json" && rest["name"] === undefined ? [`${id} has no name`] : []),
      ...references(rest).flatMap((other) =>
        /^https?:/.test(other) || crate.has(other) ? [] : `${id} refers to ${other}`,
      ),
    ]);
    expect(broken).toEqual([]);
  });

  test("every file of the folder is a data entity of the root, by a valid IRI", () => {
    const files = [...crate.values()].filter((entity) => entity["@type"] === "File");
    const made = [...filesOf(record).keys()].filter((path) => path !== "ro-crate-metadata.json");
    const wanted = [...new Set([...made, ...OTHERS, "SHA256SUMS"])].map(encodeURI).sort();
    expect(files.map((file) => file["@id"]).sort()).toEqual(wanted);
    expect(references(root?.["hasPart"]).sort()).toEqual(wanted);
  });

  test("the action says what ran, from what, to what, and how it ended", () => {
    const action = crate.get("#run");
    expect(references(root?.["mentions"])).toEqual(["#run"]);
    expect(action).toMatchObject({
      "@type": "CreateAction",
      instrument: { "@id": "#mhlab" },
      startTime: record.startedAt,
      actionStatus: { "@id": `http://schema.org/${record.partial ? "Failed" : "Completed"}ActionStatus` },
    });
    expect(Date.parse(String(action?.["endTime"])) - Date.parse(record.startedAt)).toBe(
      record.durationS * 1000,
    );
    expect(references(action?.["object"])).toEqual(["scenario.yaml", "lab.yaml", "inputs/my%20conf"]);
    expect(references(action?.["result"])).toEqual(expect.arrayContaining(["run.json", "alpha.pcapng"]));
    expect(crate.get("#mhlab")).toMatchObject({
      "@type": "SoftwareApplication",
      softwareVersion: record.machine.mhlab,
      identifier: record.machine.commit,
    });
    expect(references(action?.["containerImage"])).toEqual(["#image-1", "#image-2"]);
  });
});

test("a licence is an entity of its own, also when none is stated", () => {
  const stated = crateOf(runRecord());
  expect(stated.get("./")?.["license"]).toEqual({ "@id": "https://spdx.org/licenses/CC-BY-4.0" });
  expect(stated.has("https://spdx.org/licenses/CC-BY-4.0")).toBe(true);
  const none = crateOf({ ...runRecord(), licence: null });
  expect(none.get("./")?.["license"]).toEqual({ "@id": "#no-licence" });
});

test("README.md names every file, the licence, the commit, and the commands that repeat the run", () => {
  const record = runRecord();
  const readme = filesOf(record).get("README.md") ?? "";
  for (const path of ["run.json", "alpha.pcapng", "SHA256SUMS", "events.ndjson"])
    expect(readme).toContain(`| \`${path}\` |`);
  expect(readme).toContain(`commit ${record.machine.commit}`);
  expect(readme).toContain("licence `CC-BY-4.0`");
  expect(readme).toContain("mhlab run --replay .");
  for (const badge of ["Artifacts Available", "Functional", "Results Reproduced"])
    expect(readme).toContain(badge);
  expect(filesOf({ ...record, licence: null }).get("README.md")).toContain("No licence is stated.");
});
