/** Requests for faults, read by the CLI before it asks and by the agent that is asked; and faults as a runtime override keeps them. */
import { parseUtc } from "../utc.ts";
import { showValue } from "../values/parse.ts";
import { suggest } from "../values/suggest.ts";
import { formatSpan, parseSpan } from "../values/units.ts";
import type { Direction, HeldLease } from "./fault.ts";
import { FAULT_KINDS, faultRecord, isFaultKind, type Fault, type FaultKind } from "./kinds.ts";
import type { FaultOptions, ValuesOf } from "./option.ts";
import type { FaultRecord } from "./record.ts";

type Texts = Readonly<Record<string, string>>;

/** A fault that is asked for. */
export interface Injection {
  readonly kind: FaultKind;
  readonly direction: Direction;
  /** Milliseconds until it ends by itself; left out, it lasts until it is cleared. */
  readonly forMs?: number;
  /** As in `Fault`. */
  readonly keepaliveMs?: number;
  /** As in `Fault`. */
  readonly options: Texts;
  /** The options as its kind gets them. */
  readonly values: ValuesOf<FaultOptions>;
}

/** A request that is wrong, with what would be right. */
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
export function readInjection(kind: string, given: Texts): Injection {
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
  return {
    kind,
    direction: readDirection(kind, record, direction),
    ...(time === undefined ? {} : { forMs: readTime(kind, record, time) }),
    ...(keepalive === undefined ? {} : { keepaliveMs: readTime(kind, record, keepalive) }),
    ...readOptions(kind, record, options),
  };
}

function readTime(kind: FaultKind, { once }: FaultRecord, text: string): number {
  if (once)
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
  const found = directions.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InjectionError(
    `the direction of ${kind} cannot be ${showValue(text)}`,
    `right would be ${directions.join(", ")}`,
  );
}

function readOptions(
  kind: FaultKind,
  { options }: FaultRecord,
  given: Texts,
): Pick<Injection, "options" | "values"> {
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
  const values: Record<string, unknown> = {};
  const texts: Record<string, string> = {};
  for (const [name, one] of Object.entries(options)) {
    const text = given[name];
    const value = text === undefined ? one.otherwise : one.parse(text);
    if (value === undefined && text !== undefined)
      throw new InjectionError(`${name} of ${kind} is ${showValue(text)}`, `right would be ${one.right}`);
    if (value === undefined && one.required === true)
      throw new InjectionError(`${kind} needs ${name}`, `${name}=… is ${one.text}: ${one.right}`);
    values[name] = value;
    if (value !== undefined && one.counts?.(given) !== false) texts[name] = one.format(value);
  }
  return { options: texts, values };
}

/** What the options of a fault are for its kind. Throws InjectionError when one is not in its canonical form. */
export function valuesOf({ kind, options }: Pick<Fault, "kind" | "options">): ValuesOf<FaultOptions> {
  return readOptions(kind, faultRecord(kind), options).values;
}

/** Reads the faults of an override; throws an Error that names what cannot be read: it must not pass for none. Further keys are left out. */
export function parseFaults(value: unknown): Fault[] {
  if (!Array.isArray(value)) throw new Error("faults are not a list");
  return value.map((entry: unknown) => parseFault((entry ?? {}) as Readonly<Record<string, unknown>>));
}

function parseFault({
  held,
  id,
  kind,
  direction,
  options,
  since,
  endsAt,
  keepaliveMs,
}: Readonly<Record<string, unknown>>): Fault {
  if (typeof id !== "string" || !/^[a-z0-9-]{1,40}$/.test(id)) throw new Error("a fault has no id");
  const wrong = (what: string): Error => new Error(`fault ${id}: ${what}`);
  const entry = { ...(options as object), direction };
  if (!isTexts(entry)) throw wrong("its direction and options are not texts");
  let request: Injection;
  try {
    request = readInjection(String(kind), entry);
  } catch (error) {
    throw error instanceof InjectionError ? wrong(error.message) : error;
  }
  if (!isUtc(since)) throw wrong("its beginning is no time");
  if (endsAt !== undefined && !isUtc(endsAt)) throw wrong("its end is no time");
  if (keepaliveMs !== undefined && !isPositive(keepaliveMs)) throw wrong("its keepalive is no time");
  if (held !== undefined && !isHeld(held)) throw wrong("what it holds are no leases");
  return {
    id,
    kind: request.kind,
    direction: request.direction,
    options: request.options,
    since,
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(keepaliveMs === undefined ? {} : { keepaliveMs }),
    ...(held === undefined ? {} : { held }),
  };
}

function isTexts(value: object): value is Texts {
  return Object.values(value).every((one) => typeof one === "string");
}

function isUtc(value: unknown): value is string {
  return typeof value === "string" && parseUtc(value) !== undefined;
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

const TEXTS = ["prefix", "via", "mac", "duid"] as const;
const NUMBERS = ["iaid", "preferredS", "validS"] as const;

function isHeld(value: unknown): value is readonly HeldLease[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => {
      const lease = (one ?? {}) as Readonly<Record<string, unknown>>;
      return (
        TEXTS.every((key) => typeof lease[key] === "string") &&
        NUMBERS.every((key) => typeof lease[key] === "number") &&
        isUtc(lease["expiresAt"])
      );
    })
  );
}
