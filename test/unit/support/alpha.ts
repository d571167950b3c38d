import { readBngDocument } from "../../../src/core/render/bng/document.ts";
import type { BngConfig } from "../../../src/core/render/bng/config.ts";
import {
  mergeSettings,
  toDocument,
  type NodeDocument,
  type Settings,
} from "../../../src/core/model/document.ts";
import { EMPTY_OVERRIDE, type RuntimeOverride } from "../../../src/core/model/intent/runtime-override.ts";

export const PRIVATE_KEY = { file: "/etc/mhlab/keys/private.key" };

/** The document of a provider alpha, with nothing in it that has a default. */
export const ALPHA: NodeDocument = toDocument({
  name: "alpha",
  prefix: "2001:db8:a::/48",
  wireguard: {
    endpoint: "192.0.2.42:51820",
    peer: "Ju8XX7rkU+gRan0b9pprSI4nArBGd4RlrOJP3K0Dymw=",
    address: "2001:db8:0:a::2/64",
  },
  subscriber: { interface: "sub0" },
});

/** The configuration of that provider with settings of its own; throws Error when it is wrong. */
export function alphaConfig(settings: Settings = {}, override: RuntimeOverride = EMPTY_OVERRIDE): BngConfig {
  return configOf(mergeSettings(ALPHA, settings), override);
}

/** The configuration of a BNG's document; throws Error when it is wrong. */
export function configOf(
  document: NodeDocument | undefined,
  override: RuntimeOverride = EMPTY_OVERRIDE,
): BngConfig {
  const { config, problems } = readBngDocument(document ?? {}, override, PRIVATE_KEY);
  if (config === undefined) throw new Error(problems?.map(({ message }) => message).join("\n"));
  return config;
}
