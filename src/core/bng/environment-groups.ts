/** Variables of a BNG that belong together and are checked against each other. */
import { containsPrefix, formatPrefix6, parsePrefix6, subnet, type Prefix6 } from "../ip6.ts";
import { defaultDelegatedLength } from "../lab/defaults.ts";
import { RA_PREFERENCE, type Lifetimes, type RaOptions } from "../lab/model.ts";
import type { BngConfig } from "./config.ts";
import { defaultPool, defaultRa, deriveLifetimes } from "./defaults.ts";
import type { EnvironmentReader } from "../settings/environment-reader.ts";
import { integer, oneOf, parseKey, yesNo } from "../values/parse.ts";

/** `WIREGUARD_PRIVATE_KEY_FILE`, or else `WIREGUARD_PRIVATE_KEY`. */
export function readPrivateKey(reader: EnvironmentReader): BngConfig["wireguard"]["privateKey"] {
  const file = reader.text("WIREGUARD_PRIVATE_KEY_FILE");
  const value = reader.text("WIREGUARD_PRIVATE_KEY");
  if (file !== undefined) return { file };
  if (value !== undefined && parseKey(value) !== undefined) return { value };
  reader.fail(
    "WIREGUARD_PRIVATE_KEY",
    value === undefined
      ? "is not set; give the key itself, or WIREGUARD_PRIVATE_KEY_FILE with the path of a file that holds it"
      : "is not a WireGuard key; right would be 44 characters of base64, as 'wg genkey' prints (the value is not shown)",
  );
  return { value: "" };
}

/** `DELEGATED_PREFIX` and `DELEGATED_LENGTH`; `prefix` is undefined when ASSIGNED_PREFIX is wrong. */
export function readDelegation(
  reader: EnvironmentReader,
  prefix: Prefix6 | undefined,
): Pick<BngConfig, "pool" | "delegatedLength"> {
  const length = reader.optional("DELEGATED_LENGTH", integer(48, 64), "a length from 48 to 64");
  const pool = prefix === undefined ? undefined : readPool(reader, prefix);
  if (pool !== undefined && length !== undefined && pool.length > length) {
    reader.fail(
      "DELEGATED_LENGTH",
      `is '${length}', but the pool is ${formatPrefix6(pool)}; right would be ${pool.length} to 64`,
    );
  }
  return { pool, delegatedLength: length ?? defaultDelegatedLength(pool) };
}

function readPool(reader: EnvironmentReader, prefix: Prefix6): Prefix6 | undefined {
  const upperHalf = defaultPool(prefix);
  if (reader.text("DELEGATED_PREFIX") === undefined) return upperHalf;
  if (upperHalf === undefined) {
    reader.fail(
      "DELEGATED_PREFIX",
      `is set, but ASSIGNED_PREFIX ${formatPrefix6(prefix)} has nothing to delegate; right would be a prefix shorter than /64, or no DELEGATED_PREFIX`,
    );
    return undefined;
  }
  const inside = `a prefix inside ${formatPrefix6(prefix)}, no longer than /64, without the transfer network ${formatPrefix6(subnet(prefix, 64, 0n))}, for example ${formatPrefix6(upperHalf)}`;
  return reader.optional(
    "DELEGATED_PREFIX",
    (text) => {
      const pool = parsePrefix6(text);
      return pool !== undefined &&
        pool.length <= 64 &&
        containsPrefix(prefix, pool) &&
        pool.bits !== prefix.bits
        ? pool
        : undefined;
    },
    inside,
  );
}

/** `PREFERRED_LIFETIME`, `VALID_LIFETIME`, `RENEW_TIMER`, `REBIND_TIMER`. */
export function readLifetimes(reader: EnvironmentReader): Lifetimes {
  const seconds = (variable: string): number | undefined =>
    reader.optional(variable, integer(1, 0xffff_fffe), "a number of seconds from 1 to 4294967294");
  const found = reader.errors.length;
  const lifetimes = deriveLifetimes({
    preferredS: seconds("PREFERRED_LIFETIME"),
    validS: seconds("VALID_LIFETIME"),
    renewS: seconds("RENEW_TIMER"),
    rebindS: seconds("REBIND_TIMER"),
  });
  if (reader.errors.length > found) return lifetimes;
  const { preferredS, validS, renewS, rebindS } = lifetimes;
  const atMost = (variable: string, value: number, other: string, limit: number): void => {
    const byDefault = reader.text(variable) === undefined;
    if (value > limit && !(byDefault && reader.errors.length > found)) {
      reader.fail(
        variable,
        `is ${value}${byDefault ? " by default" : ""}, but ${other} is ${limit}; right would be at most that`,
      );
    }
  };
  atMost("PREFERRED_LIFETIME", preferredS, "VALID_LIFETIME", validS);
  atMost("RENEW_TIMER", renewS, "REBIND_TIMER", rebindS);
  atMost("REBIND_TIMER", rebindS, "VALID_LIFETIME", validS);
  return lifetimes;
}

/** The variables `RA_*`. */
export function readRa(reader: EnvironmentReader): RaOptions {
  const base = defaultRa;
  return {
    managed: reader.optional("RA_MANAGED", yesNo, "yes or no") ?? base.managed,
    other: reader.optional("RA_OTHER", yesNo, "yes or no") ?? base.other,
    preference:
      reader.optional("RA_PREFERENCE", oneOf(RA_PREFERENCE), RA_PREFERENCE.join(", ")) ?? base.preference,
    lifetimeS:
      reader.optional("RA_LIFETIME", integer(0, 9000), "0 to 9000 seconds (RFC 4861)") ?? base.lifetimeS,
    intervalS:
      reader.optional("RA_INTERVAL", integer(4, 1800), "4 to 1800 seconds (RFC 4861)") ?? base.intervalS,
    mtu: reader.optional("RA_MTU", integer(1280, 65535), "1280 to 65535") ?? base.mtu,
  };
}
