import { parseInterfaceAddress6, parseIp6, parsePrefix6 } from "../ip6.ts";
import type { InternetConfig, InternetPeer } from "./config.ts";

/** Reads the text of the INTERNET_CONFIG file; throws an Error that names the field that is wrong. */
export function parseInternetConfig(text: string): InternetConfig {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error("the internet's configuration is not an object");
  const peers = value["peers"];
  if (!Array.isArray(peers)) throw new Error("peers is not a list");
  return { lab: textField(value, "lab", "lab"), peers: peers.map(parsePeer) };
}

function parsePeer(value: unknown, index: number): InternetPeer {
  const at = `peers[${index}]`;
  if (!isRecord(value)) throw new Error(`${at} is not an object`);
  const text = (field: string, isRight: (text: string) => boolean = () => true): string => {
    const found = textField(value, field, `${at}.${field}`);
    if (!isRight(found)) throw new Error(`${at}.${field} is wrong: ${found}`);
    return found;
  };
  const integer = (field: string): number => {
    const found = value[field];
    if (typeof found !== "number" || !Number.isInteger(found))
      throw new Error(`${at}.${field} is not an integer`);
    return found;
  };
  return {
    provider: text("provider"),
    listenPort: integer("listenPort"),
    publicKey: text("publicKey"),
    localAddress: text("localAddress", (address) => parseInterfaceAddress6(address) !== undefined),
    remoteAddress: text("remoteAddress", (address) => parseIp6(address) !== undefined),
    prefix: text("prefix", (prefix) => parsePrefix6(prefix) !== undefined),
    mtu: integer("mtu"),
    ...(value["presharedKey"] === true ? { presharedKey: true } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textField(value: Record<string, unknown>, field: string, at: string): string {
  const found = value[field];
  if (typeof found !== "string" || found === "") throw new Error(`${at} is not a text`);
  return found;
}
