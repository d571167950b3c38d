/** Text of others reaches a terminal without anything that steers it, by every view. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Diagnostic } from "../../../../src/core/model/diagnostics.ts";
import { LabFileError, OperationError } from "../../../../src/core/model/errors.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import { parseStatus, PROTOCOL } from "../../../../src/core/model/protocol/answer.ts";
import { ROLES } from "../../../../src/core/model/role.ts";
import { Label } from "../../../../src/core/model/names.ts";
import type { Plan } from "../../../../src/core/render/plan/plan.ts";
import type { Progress } from "../../../../src/core/render/plan/progress.ts";
import { assembleStatus } from "../../../../src/core/judge/health/assemble.ts";
import type { LabStatus } from "../../../../src/core/model/status/model.ts";
import { formatDiagnostics } from "../../../../src/cli/views/diagnostics.ts";
import { renderFindings } from "../../../../src/cli/views/doctor.ts";
import { errorObject, renderError } from "../../../../src/cli/views/error.ts";
import { renderPruned } from "../../../../src/cli/views/images.ts";
import { renderBriefly, renderLabs } from "../../../../src/cli/views/labs.ts";
import { renderKeys } from "../../../../src/cli/views/keys.ts";
import { renderNextSteps } from "../../../../src/cli/views/next-steps.ts";
import { renderPlan } from "../../../../src/cli/views/plan.ts";
import { plainLine } from "../../../../src/cli/views/progress-plain.ts";
import { openProgress } from "../../../../src/cli/views/progress.ts";
import { promptLook } from "../../../../src/cli/views/prompt-look.ts";
import { renderStatus } from "../../../../src/cli/views/status.ts";
import { harmless, harmlessAll, jsonText } from "../../../../src/cli/views/theme.ts";
import {
  renderAssumed,
  renderDiff,
  renderPreview,
  renderWelcome,
  renderWrong,
} from "../../../../src/cli/views/wizard.ts";

/** What a terminal acts on; a line end is what views make themselves. */
const STEERING = /[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029]/u;
const PIECES = [
  "\u001b[2J",
  "\u001b]0;title\u0007",
  "\u009b31m",
  "\r",
  "\n",
  "\t",
  "\b",
  "\u007f",
  "\u0000",
  "\u202e",
  "\u2028",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 8 })
  .map((pieces) => pieces.join(""));

const plain = { colour: false, verbose: true, version: "1", asCalled: (text: string) => text };
const lab = (text: string, status: object = {}): LabStatus => {
  const answers = (["bng", "cpe", "host", "internet"] as const).map((role) => {
    const name = text || role;
    const silence = { name, state: "running", problem: { code: text, message: text } } as const;
    const said = JSON.stringify({ protocol: PROTOCOL, ...NODES[role].silent(silence), ...status });
    const labels = { [Label.lab]: text, [Label.name]: name, "io.mhlab.lan": text, "io.mhlab.cpe": text };
    return {
      container: {
        id: text,
        containerName: text,
        image: text,
        state: "running",
        labels,
        lab: text,
        name,
        role,
      },
      reply: parseStatus(said),
    };
  });
  return assembleStatus(text, answers);
};
const full = (text: string): LabStatus =>
  lab(text, {
    prefix: text,
    subscriber: {
      kind: "bridge",
      interface: text,
      present: true,
      carrier: true,
      mac: text,
      neighbours: [{ mac: text, administered: "local", linkLocal: text, sent: [] }],
    },
    delegations: [
      {
        prefix: text,
        via: text,
        duid: text,
        iaid: 1,
        preferredS: 1,
        validS: 1,
        routed: false,
      },
    ],
    wans: [
      {
        provider: text,
        interface: text,
        present: true,
        carrier: true,
        defaultRouter: text,
        addresses: [text],
        delegatedPrefix: text,
        validS: 1,
        preferredS: 1,
        rttMs: 1,
      },
    ],
    addresses: [{ address: text, provider: text, router: text, state: "preferred" }],
    peers: [{ provider: text }],
    address: text,
    sourceValidation: { wanted: "reject", effective: "drop" },
  });
const plan = (text: string): Plan => ({
  lab: text,
  steps: [{ action: "create", name: text, role: "bng", reason: text }],
  unchanged: [text],
  overrides: [{ name: text, override: { settings: { [text]: text }, faults: [] } }],
});
const progress = (text: string): Progress[] => [
  { kind: "plan", plan: plan(text) },
  { kind: "step", step: { action: "create", name: text, reason: text }, phase: "begin" },
  { kind: "build", image: text, line: text },
  { kind: "awaiting", name: text, detail: text },
  { kind: "ready", name: text },
  { kind: "settled", name: text, warning: text },
  { kind: "undo", names: [text] },
  { kind: "engine", text },
  { kind: "warning", warning: { code: text, message: text, mend: text } },
];
const diagnostic = (text: string): Diagnostic => ({
  code: "MHLAB_LAB_NAME",
  severity: "error",
  message: text,
  file: text,
  line: 1,
  column: 1 + Math.floor(text.length / 2),
  length: 3,
  sourceLine: text,
  path: text,
  hint: text,
});
const error = (text: string): OperationError =>
  new OperationError("MHLAB_ENGINE", text, {
    hint: text,
    state: text,
    evidence: [text],
    cause: new Error(text),
  });
const facts = (name: string) =>
  ({
    engine: name,
    wireguard: "kernel",
    seen: "engine",
    cards: [{ name, mac: name, carrier: true, against: name }],
    bridges: [name],
  }) as const;

/** What a live view writes, without its own movements of the cursor. */
function live(text: string): string {
  let written = "";
  const screen = { columns: 80, rows: 24, write: (part: string) => void (written += part) };
  const view = openProgress({ screen, live: true, colour: false });
  for (const one of progress(text)) view.show(one);
  view.close();
  // oxlint-disable-next-line no-control-regex -- the view's own sequences
  return written.replaceAll(/\u001b\[(?:\?25[lh]|J|\d+A\r|0m)/g, "");
}

const NARROW = { colour: false, columns: 40 };
const look = promptLook(NARROW);
const VIEWS: Record<string, (text: string) => string> = {
  status: (text) => renderStatus(full(text), { colour: false, columns: undefined }),
  "status, narrow": (text) => renderStatus(full(text), { colour: false, columns: 40 }),
  "status without anybody": (text) => renderStatus(lab(text), { colour: false, columns: undefined }),
  "next steps": (text) => renderNextSteps(full(text), { ...plain, self: "mhlab", several: true }),
  plan: (text) => renderPlan(plan(text), plain),
  "plan without steps": (text) => renderPlan({ ...plan(text), steps: [] }, plain),
  "progress by lines": (text) =>
    progress(text)
      .map((one) => plainLine(one) ?? "")
      .join("\n"),
  "progress, live": live,
  error: (text) => renderError(error(text), plain),
  "error of a lab file": (text) => renderError(new LabFileError([diagnostic(text)]), plain),
  bug: (text) => renderError(new Error(text), plain),
  "error as JSON": (text) =>
    jsonText(errorObject(new LabFileError([diagnostic(text)], { hint: text }), text), 2),
  diagnostics: (text) => formatDiagnostics([diagnostic(text)], { colour: false }),
  findings: (text) => renderFindings([{ id: text, level: "warn", message: text, mend: text }], plain),
  images: (text) =>
    renderPruned(
      { removed: [text], freedBytes: 1, kept: [{ image: text, reason: text }] },
      { colour: false, dryRun: false },
    ),
  keys: (text) =>
    renderKeys([{ provider: text, kind: text, publicKey: text, fingerprint: text, file: text }], plain),
  labs: (text) =>
    renderLabs(
      [{ lab: text, state: "running", running: 1, containers: 1, sinceS: 1, file: text, keys: true }],
      {
        colour: false,
        columns: 40,
        nowS: 2,
      },
    ),
  "labs, briefly": (text) => renderBriefly([full(text)], plain),
  welcome: (text) => renderWelcome(facts(text), plain),
  preview: (text) => renderPreview(text, text, plain),
  diff: (text) => renderDiff(text, { before: "a\n", after: text }, plain),
  assumed: (text) => renderAssumed(text, text, plain),
  questions: (text) =>
    [
      ...[look.plain, look.explain, look.warning].map((show) => show(text)),
      look.theme.style.error(text),
      look.theme.style.defaultAnswer(text),
      look.theme.style.answer(text),
      renderWrong(text, NARROW),
    ].join("\n"),
  JSON: (text) => jsonText(full(text)),
};

test.each(Object.entries(VIEWS))("%s", (_, view) => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(view(text)).not.toMatch(STEERING);
    }),
    { numRuns: 60, examples: [[PIECES.join("x")]] },
  );
});

test("one text stays one line, and what is harmless stays as it is", () => {
  fc.assert(fc.property(hostile, (text) => !harmless(text).includes("\n")));
  expect(harmless("über 日本 → x")).toBe("über 日本 → x");
  expect(harmless("a\tb\r\n c")).toBe("a    b c");
  expect(harmlessAll({ "\u001b[1mk": ["a\u0007", 1, null, true] })).toEqual({
    k: ["a\uFFFD", 1, null, true],
  });
});

test("JSON means the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), hostile, (value, text) => {
      expect(JSON.parse(jsonText({ value, text }))).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});

const someJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.record(
    {
      protocol: fc.constant(PROTOCOL),
      name: fc.oneof(fc.string(), fc.jsonValue()),
      role: fc.oneof(fc.constantFrom<string>(...ROLES), fc.jsonValue()),
      delegations: fc.oneof(fc.array(fc.record({ prefix: hostile, duid: hostile })), fc.jsonValue()),
      problems: fc.oneof(fc.array(fc.record({ message: hostile })), fc.jsonValue()),
      later: fc.jsonValue(),
    },
    { requiredKeys: ["protocol", "name", "role"] },
  ),
);

test("whatever an agent says, its status is a status, and is shown", () => {
  const line = fc.oneof(
    someJson.map((value) => JSON.stringify(value)),
    hostile,
    fc.constantFrom(
      '{"protocol":1,"role":"bng","name":1e999}',
      `{"protocol":1,"role":"bng","name":"a","x":${"[".repeat(1e5)}${"]".repeat(1e5)}}`,
      '{"protocol":1,"role":"bng","name":"a","__proto__":{"problems":1}}',
    ),
  );
  fc.assert(
    fc.property(line, fc.constantFrom(...ROLES), (said, role) => {
      const labels = { [Label.lab]: "demo", [Label.name]: "a" };
      const container = {
        id: "1",
        containerName: "c",
        image: "i",
        state: "running",
        labels,
        lab: "demo",
        name: "a",
        role,
      };
      const status = assembleStatus("demo", [{ container, reply: parseStatus(said) }]);
      expect(renderStatus(status, { colour: false, columns: 60 })).not.toMatch(STEERING);
      expect(jsonText(status)).not.toMatch(STEERING);
    }),
    { numRuns: 500 },
  );
});

test("a value of another kind makes an answer none, a missing one does not, and nobody speaks in another's name", () => {
  const of = (said: object): LabStatus["providers"][number] | undefined => {
    const labels = { [Label.lab]: "demo", [Label.name]: "a" };
    const container = {
      id: "1",
      containerName: "c",
      image: "i",
      state: "running",
      labels,
      lab: "demo",
      name: "a",
      role: "bng",
    } as const;
    return assembleStatus("demo", [
      { container, reply: parseStatus(JSON.stringify({ protocol: PROTOCOL, role: "bng", ...said })) },
    ]).providers[0];
  };
  const good = NODES.bng.silent({ name: "a", state: "running", problem: { code: "x", message: "y" } });
  expect(of(good)).toEqual(good);
  expect(of({ ...good, later: { key: [1] } })).toEqual({ ...good, later: { key: [1] } });
  expect(of({ name: "a", state: "running", ready: true })).toMatchObject({
    ready: true,
    delegations: [],
    uplink: { state: "down" },
  });
  expect(of({ ...good, name: "b" })).toEqual(good);
  for (const wrong of [
    { problems: {} },
    { delegations: [{ prefix: 5 }] },
    { uplink: null },
    { state: "\u001b[2J" },
    { restarts: { kea: "1" } },
  ])
    expect(of({ ...good, ...wrong })?.problems).toMatchObject([{ code: "other-protocol" }]);
});
