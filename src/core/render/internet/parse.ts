import { parseInterfaceAddress6, parseIp6, parsePrefix6 } from "../../model/ip6.ts";
import type { InternetConfig, InternetPeer } from "../../model/internet/config.ts";
import { fieldsOf, textField } from "../../model/internet/fields.ts";
import { isObject } from "../../model/values/shape.ts";
import { parseServices } from "./parse-services.ts";

/** Reads the text of the INTERNET_CONFIG file; throws an Error that names the field that is wrong. */
export function parseInternetConfig(text: string): InternetConfig {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error("the internet's configuration is not an object");
  const peers = value["peers"];
  if (!Array.isArray(peers)) throw new Error("peers is not a list");
  const services = value["services"] ?? [];
  if (!Array.isArray(services)) throw new Error("services is not a list");
  return {
    lab: textField(value, "lab", "lab"),
    peers: peers.map(parsePeer),
    ...(services.length === 0 ? {} : { services: services.map(parseServices) }),
  };
}

function parsePeer(value: unknown, index: number): InternetPeer {
  const { text, integer, flag } = fieldsOf(value, `peers[${index}]`);
  return {
    provider: text("provider"),
    listenPort: integer("listenPort"),
    publicKey: text("publicKey"),
    localAddress: text("localAddress", (address) => parseInterfaceAddress6(address) !== undefined),
    remoteAddress: text("remoteAddress", (address) => parseIp6(address) !== undefined),
    prefix: text("prefix", (prefix) => parsePrefix6(prefix) !== undefined),
    mtu: integer("mtu"),
    ...(isObject(value) && value["cache"] !== undefined
      ? { cache: text("cache", (address) => parseIp6(address) !== undefined) }
      : {}),
    ...(flag("presharedKey") ? { presharedKey: true } : {}),
  };
}
