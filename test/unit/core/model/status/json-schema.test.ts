import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { statusPage } from "../../../../../src/cli/docs-status.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import {
  statusFields,
  statusJsonSchema,
  statusJsonSchemaText,
} from "../../../../../src/core/model/status/json-schema.ts";
import { golden } from "../lab/golden.ts";

test("schemas/status.schema.json and docs/status.md are what the program says (UPDATE_GOLDEN=1 rewrites them)", () => {
  expect(statusJsonSchemaText()).toBe(golden("schemas/status.schema.json", statusJsonSchemaText()));
  expect(statusPage()).toBe(golden("docs/status.md", statusPage()));
});

test("every field has a meaning", () => {
  expect(
    statusFields()
      .filter(({ text }) => text === "")
      .map(({ path }) => path),
  ).toEqual([]);
});

const silence = { name: "x", state: "stopped", problem: { code: "stopped", message: "x" } } as const;
const lab = {
  at: "2026-11-24T16:00:00.000Z",
  lab: "x",
  healthy: false,
  providers: [NODES.bng.silent(silence)],
  cpes: [{ ...NODES.cpe.silent(silence), hosts: [NODES.host.silent(silence)] }],
  hosts: [],
  internet: NODES.internet.silent(silence),
};
const provider = NODES.bng.silent(silence);
const { internet: _, ...withReal } = lab;

test.each([
  ["a lab whose nodes are silent", lab, true],
  ["one with a real far side", withReal, true],
  ["none", { at: lab.at, labs: [] }, true],
  ["several", { at: lab.at, labs: [lab, withReal] }, true],
  ["keys of a later version", { ...lab, later: 1, providers: [{ ...provider, later: {} }] }, true],
  ["no time", { ...lab, at: undefined }, false],
  ["a state that there is not", { ...lab, providers: [{ ...provider, state: "odd" }] }, false],
  ["a node without problems", { ...lab, providers: [{ ...provider, problems: undefined }] }, false],
  [
    "a number as text",
    { ...lab, providers: [{ ...provider, uplink: { ...provider.uplink, rxBytes: "1" } }] },
    false,
  ],
])("%s", (__, status, valid) => {
  const validate = new Ajv().compile(statusJsonSchema());
  expect([validate(JSON.parse(JSON.stringify(status))), valid ? validate.errors : null]).toEqual([
    valid,
    null,
  ]);
});
