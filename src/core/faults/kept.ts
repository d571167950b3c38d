/** Faults as an overlay keeps them. */
import { parseUtc } from "../utc.ts";
import { showValue } from "../values/parse.ts";
import { DIRECTIONS, type Fault, type HeldLease } from "./fault.ts";
import { isFaultKind } from "./names.ts";
import { faultRecord } from "./registry.ts";

/** Reads the faults of an overlay; throws an Error that names what cannot be read: it must not pass for none. Further keys are left out. */
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
  const wrong = (what: string, found: unknown): Error =>
    new Error(`the ${what} of fault ${id} is ${showValue(String(found))}`);
  if (!isFaultKind(kind)) throw wrong("kind", kind);
  const way = DIRECTIONS.find((one) => one === direction);
  if (way === undefined) throw wrong("direction", direction);
  if (typeof since !== "string" || parseUtc(since) === undefined) throw wrong("beginning", since);
  if (endsAt !== undefined && (typeof endsAt !== "string" || parseUtc(endsAt) === undefined))
    throw wrong("end", endsAt);
  if (keepaliveMs !== undefined && !isKeepalive(keepaliveMs)) throw wrong("keepalive", keepaliveMs);
  const known = faultRecord(kind).options;
  const texts = Object.entries((options ?? {}) as Readonly<Record<string, unknown>>).map(([name, text]) => {
    const canonical = typeof text === "string" ? known[name]?.canonical(text) : undefined;
    if (canonical === undefined) throw wrong(`option ${name}`, text);
    return [name, canonical] as const;
  });
  const end = {
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(keepaliveMs === undefined ? {} : { keepaliveMs }),
  };
  if (held !== undefined && !isHeld(held)) throw wrong("held", held);
  const kept = held === undefined ? {} : { held };
  return { id, kind, direction: way, options: Object.fromEntries(texts), since, ...end, ...kept };
}

function isKeepalive(value: unknown): value is number {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

const TEXTS = ["prefix", "via", "mac", "duid", "expiresAt"] as const;
const NUMBERS = ["iaid", "preferredS", "validS"] as const;

function isHeld(value: unknown): value is readonly HeldLease[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => {
      const lease = (one ?? {}) as Readonly<Record<string, unknown>>;
      return (
        TEXTS.every((key) => typeof lease[key] === "string") &&
        NUMBERS.every((key) => typeof lease[key] === "number") &&
        parseUtc(String(lease["expiresAt"])) !== undefined
      );
    })
  );
}
