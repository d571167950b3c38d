import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect } from "vitest";

/** The SPDX project's own schema of version 2.3 (spdx-spec, `schemas/spdx-schema.json`; CC-BY-3.0). */
const SCHEMA = new URL("spdx-2.3.schema.json", import.meta.url);

/** Expects that a document is one by the schema, and that each relationship is between elements that it has. */
export function expectValidSpdx(document: unknown): void {
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(SCHEMA, "utf8")) as object,
  );
  validate(document);
  expect(validate.errors).toBeNull();
  const { packages, relationships } = document as {
    packages: { SPDXID: string }[];
    relationships: { spdxElementId: string; relatedSpdxElement: string }[];
  };
  const ids = ["SPDXRef-DOCUMENT", ...packages.map(({ SPDXID }) => SPDXID)];
  expect(new Set(ids).size).toBe(ids.length);
  const named = relationships.flatMap((one) => [one.spdxElementId, one.relatedSpdxElement]);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
}
