/** Readers of what people write or paste: the answer as the lab file has it, right or not. */
import { parseIp6 } from "../../core/model/ip6.ts";

/** An answer without what comes along when it is copied: blanks, quotes, a comma, and the name before it. */
export function readBare(text: string, ...names: readonly string[]): string {
  const label = new RegExp(String.raw`^(?:${names.join("|")})\s*(?:=|:(?=\s))\s*`, "i");
  const own = names.length === 0 ? text.trim() : text.trim().replace(label, "");
  const [, , quoted] = /^(["'`])(.*?)\1?[,;]?$/.exec(own) ?? [];
  return (quoted ?? own.replace(/[,;"'`]+$/, "")).trim();
}

/** An endpoint: `Endpoint = [2001:db8::1]:51820`, `192.0.2.42 port 51820`, `2001:db8::1 51820`. */
export function readEndpoint(text: string): string {
  const plain = readBare(text, "endpoint")
    .replace(/\s+port\s+/i, " ")
    .replaceAll(/\s*:\s*/g, ":");
  // Five digits are no group of an IPv6 address.
  const [, host = plain, port] = /^(\S+)\s+(\d{1,5})$/.exec(plain) ?? /^(.*:.*):(\d{5})$/.exec(plain) ?? [];
  const written = parseIp6(host) === undefined ? host : `[${host}]`;
  return port === undefined ? written : `${written}:${port}`;
}

/** A public key as `wg show` and WireGuard's files have it: `peer: …`, `PublicKey = …`. */
export function readKey(text: string): string {
  return readBare(text, String.raw`public\s*key`, "peer");
}

/** An address or a prefix, without blanks. */
export function readAddress(text: string): string {
  return readBare(text, "address", "prefix").replaceAll(/\s+/g, "");
}

/** Several addresses: `DNS = …`, `["2001:db8::1", "2001:db8::2"]`; `none` is none. */
export function readAddresses(text: string): string {
  const plain = readBare(text, "dns", String.raw`dns servers?`)
    .replaceAll(/["'`[\]]/g, "")
    .trim();
  return /^(none|-)$/i.test(plain) ? "" : plain;
}

/** A length of a prefix: `/60`. */
export function readLength(text: string): string {
  return readBare(text).replace(/^\/\s*/, "");
}

const UNITS =
  /(\d+)\s*(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?)(?![a-z])\s*/gi;

/** A duration: `30 minutes`, `1 h 30 m`. */
export function readDuration(text: string): string {
  return readBare(text)
    .replaceAll(UNITS, (_, count: string, ...units: unknown[]) => {
      const unit = units.slice(0, 4).find((one) => typeof one === "string");
      return `${count}${String(unit).toLowerCase()}`;
    })
    .trim();
}
