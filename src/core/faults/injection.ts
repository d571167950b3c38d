/** What is asked for when a fault is injected: read by the CLI before it asks, and by the agent that is asked. */
import { showValue } from "../values/parse.ts";
import { suggest } from "../values/suggest.ts";
import { formatSpan, parseSpan } from "../values/units.ts";
import { DIRECTIONS, type Direction } from "./fault.ts";
import { FAULT_KINDS, isFaultKind, type FaultKind } from "./names.ts";
import type { FaultRecord } from "./record.ts";
import { faultRecord } from "./registry.ts";

/** A fault as it is asked for. */
export interface Injection {
  readonly kind: FaultKind;
  readonly direction: Direction;
  /** Milliseconds until it ends by itself; left out, it lasts until it is healed. */
  readonly forMs?: number;
  /** As in `Fault`. */
  readonly keepaliveMs?: number;
  /** As in `Fault`. */
  readonly options: Readonly<Record<string, string>>;
}

/** What is wrong with what was asked for, and what would be right. */
export class InjectionError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "InjectionError";
    this.hint = hint;
  }
}

/** A week; a timer that is set for longer would end at once. */
const LONGEST_MS = 7 * 86_400_000;
const SHORTEST_MS = 100;

/** Reads a kind and its options by name, with `for`, `keepalive` and `direction` among them. Throws InjectionError. */
export function readInjection(kind: string, given: Readonly<Record<string, string>>): Injection {
  if (!isFaultKind(kind)) {
    const near = suggest(kind, FAULT_KINDS);
    throw new InjectionError(
      `there is no fault ${showValue(kind)}`,
      near === undefined
        ? "all kinds: mhlab fault kinds"
        : `did you mean ${near}? all kinds: mhlab fault kinds`,
    );
  }
  const record = faultRecord(kind);
  const { for: time, keepalive, direction, ...options } = given;
  const times = {
    ...(time === undefined ? {} : { forMs: readTime(kind, record, time) }),
    ...(keepalive === undefined ? {} : { keepaliveMs: readTime(kind, record, keepalive) }),
  };
  return {
    kind,
    direction: readDirection(kind, record, direction),
    ...times,
    options: readOptions(kind, record, options),
  };
}

function readTime(kind: FaultKind, { nature }: FaultRecord, text: string): number {
  if (nature === "deed")
    throw new InjectionError(
      `${kind} happens once and at once`,
      "leave the time out (--for, for=, keepalive=)",
    );
  const ms = parseSpan(text);
  if (ms !== undefined && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new InjectionError(
    `${showValue(text)} is not how long a fault can last`,
    `right would be ${formatSpan(SHORTEST_MS)} to ${formatSpan(LONGEST_MS)}: 500ms, 30s, 5m, 1h30m`,
  );
}

function readDirection(kind: FaultKind, { directions }: FaultRecord, text: string | undefined): Direction {
  if (text === undefined) return directions[0];
  const found = DIRECTIONS.find((one) => one === text);
  if (found !== undefined && directions.includes(found as never)) return found;
  throw new InjectionError(
    `the direction of ${kind} cannot be ${showValue(text)}`,
    `right would be ${directions.join(", ")}`,
  );
}

function readOptions(
  kind: FaultKind,
  { options }: FaultRecord,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = Object.keys(options);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const near = suggest(name, known);
    throw new InjectionError(
      `${kind} has no option ${showValue(name)}`,
      known.length === 0
        ? "it has none"
        : `${near === undefined ? "" : `did you mean ${near}? `}it has ${known.join(", ")}`,
    );
  }
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, one]) => {
      const text = given[name];
      const canonical = text === undefined ? one.default : one.canonical(text);
      if (canonical !== undefined) return [[name, canonical] as const];
      if (text !== undefined)
        throw new InjectionError(`${name} of ${kind} is ${showValue(text)}`, `right would be ${one.right}`);
      if (one.required)
        throw new InjectionError(`${kind} needs ${name}`, `${name}=… is ${one.text}: ${one.right}`);
      return [];
    }),
  );
}
