/** What has to be in run.json: as much as the report and a replay use; keys that a later version adds stay as they are. */
import { z } from "zod";

const text = z.string();
const number = z.number();
const textOrNull = text.nullable();
const numberOrNull = number.nullable();
const span = z.tuple([number, number]);
const texts = z.record(text, text);

const scenario = z.looseObject({
  name: text,
  title: textOrNull,
  source: textOrNull,
  lab: text,
  seed: number,
  probes: z.looseObject({
    everyMs: number.positive(),
    targets: z.array(text),
    from: z.array(text).nullable(),
  }),
  flows: z.array(
    z.looseObject({
      id: text,
      kind: z.enum(["tcp", "udp", "mptcp", "dns"]),
      from: text,
      target: text,
      source: textOrNull,
      everyMs: number.positive(),
    }),
  ),
  captures: z.array(z.looseObject({ member: text, interface: textOrNull, filter: textOrNull })),
  steps: z.array(z.looseObject({ id: text, atS: numberOrNull, do: text })),
  expect: z.array(
    z.looseObject({
      id: text,
      claim: z.looseObject({ claim: text }),
      because: textOrNull,
      expectedFailure: textOrNull,
    }),
  ),
  settleS: number,
});

const stepResult = z.looseObject({
  id: text,
  text,
  deed: z.enum(["fault", "heal", "renumber", "restart", "run", "copy", "wait", "mark"]),
  plannedS: numberOrNull,
  startedS: number,
  endedS: numberOrNull,
  outcome: z.enum(["done", "failed", "unsupported", "not-reached"]),
  detail: textOrNull,
  exitCode: numberOrNull,
  faultId: textOrNull,
  member: textOrNull,
});

const band = z.looseObject({
  id: text,
  kind: z.enum(["fault", "renumbering", "restart", "mark"]),
  label: text,
  member: text,
  fromS: number,
  toS: numberOrNull,
  hits: number.optional(),
});

const outage = z.looseObject({
  member: text,
  source: text,
  target: text,
  fromS: number,
  toS: numberOrNull,
  lost: number,
});

const verdict = z.looseObject({
  id: text,
  text,
  because: textOrNull,
  result: z.enum(["passed", "failed", "expected-failure", "unexpected-pass", "unsupported", "inconclusive"]),
  measured: text,
  value: numberOrNull,
  unit: textOrNull,
  evidence: z.array(z.looseObject({ atS: number, text })),
});

const machine = z.looseObject({
  mhlab: text,
  commit: textOrNull,
  kernel: text,
  engine: text,
  hardware: z.looseObject({ cpu: textOrNull, cores: numberOrNull, memoryBytes: numberOrNull }),
  load: z.looseObject({
    everyS: number,
    samples: number,
    mostLoad1: numberOrNull,
    mostBusy: numberOrNull,
  }),
  images: texts,
  packages: z.record(text, texts),
  sysctls: texts,
  queues: texts,
  clock: z.looseObject({ offsetMs: number, uncertaintyMs: number }),
});

/** All of a record but its three tables. */
export const recordShape = z.looseObject({
  format: z.literal(1),
  scenario,
  scenarioText: text,
  labText: text,
  lab: text,
  licence: textOrNull,
  variables: texts,
  startedAt: text,
  startedNs: text.regex(/^\d{1,20}$/),
  durationS: number.nonnegative(),
  partial: z.boolean(),
  machine,
  inherited: z.array(z.looseObject({ member: text, what: text })),
  providers: z.array(text),
  members: z.array(text),
  steps: z.array(stepResult),
  bands: z.array(band),
  unheard: z.array(z.looseObject({ member: text, fromS: number, toS: numberOrNull })),
  wires: z.array(
    z.looseObject({ expectation: text, atS: z.array(number), missing: z.array(span).optional() }),
  ),
  leaks: z.record(
    text,
    z.looseObject({
      up: number,
      down: number,
      addresses: z.array(
        z.looseObject({
          direction: z.enum(["up", "down"]),
          address: text,
          packets: number,
          provider: textOrNull,
        }),
      ),
      gaps: z.array(span),
    }),
  ),
  sending: z.array(z.looseObject({ member: text, skipped: number, dropped: number })).optional(),
  outages: z.array(outage),
  probing: z.array(
    z.looseObject({
      member: text,
      target: text,
      everyMs: number,
      due: number,
      sent: number,
      gaps: z.array(span),
    }),
  ),
  verdicts: z.array(verdict),
});

const shownStep = stepResult.omit({ outcome: true }).extend({
  startedS: numberOrNull,
  state: z.enum(["planned", "running", "broke-off", "done", "failed", "unsupported", "not-reached"]),
});

/** What a run writes down of itself while it goes on. */
export const progressShape = z.looseObject({
  format: z.literal(1),
  scenario: text,
  title: textOrNull,
  lab: text,
  variables: texts,
  startedAt: text,
  nowS: number.nonnegative(),
  endsS: number.nonnegative(),
  steps: z.array(shownStep),
  bands: z.array(band),
});
