import { MhlabError, UsageError } from "../core/model/errors.ts";
import { deriveFarSides, type FarSideOptions } from "../features/peer/derive.ts";
import type { FarSide } from "../features/peer/model.ts";
import type { Lab } from "../core/model/lab/model.ts";
import type { KeyStore } from "./ports/key-store.ts";

/** Where a secret lies here that the server needs as well. */
export interface SharedSecret {
  readonly provider: string;
  readonly from: string;
  readonly to: string;
}

export interface PeerConfig {
  readonly farSides: readonly FarSide[];
  readonly secrets: readonly SharedSecret[];
  /** Providers whose key was made for this. */
  readonly made: readonly string[];
}

/** What the servers of a lab have to do; with a provider, only the server that its tunnel ends at. Makes keys that are missing. */
export async function peerConfig(
  lab: Lab,
  keys: KeyStore,
  { provider, ...options }: FarSideOptions & { provider: string | undefined },
): Promise<PeerConfig> {
  const names = lab.providers.map(({ name }) => name);
  if (lab.internet === "bundled") {
    throw new MhlabError(
      "MHLAB_FAR_SIDE_BUNDLED",
      `the far side of '${lab.name}' is the bundled internet: there is no server to configure`,
      { hint: "for a server of your own, take `internet: bundled` out of the lab file" },
    );
  }
  if (provider !== undefined && !names.includes(provider)) {
    throw new UsageError(`the lab '${lab.name}' has no provider ${provider}`, {
      hint: `its providers are ${names.join(", ")}`,
    });
  }
  const before = await keys.publicKeys(lab.name, names);
  const present = await keys.ensure(
    lab.name,
    lab.providers.map(({ name, wireguard }) => ({
      provider: name,
      bundled: false,
      preshared: wireguard.presharedKey,
    })),
  );
  const farSides = deriveFarSides(lab, present, options).filter(
    ({ listeners }) => provider === undefined || providersOf(listeners).includes(provider),
  );
  const secrets = farSides.flatMap(({ listeners }) =>
    listeners
      .flatMap(({ peers }) => peers)
      .flatMap(({ provider: name, presharedKeyFile: to }) =>
        to === undefined
          ? []
          : [{ provider: name, from: keys.place(lab.name, { provider: name, side: "preshared" }), to }],
      ),
  );
  const made = names.filter((name) => before.get(name)?.bng === undefined);
  return { farSides, secrets, made };
}

/** The names of the providers that listeners serve. */
export function providersOf(listeners: FarSide["listeners"]): string[] {
  return listeners.flatMap(({ peers }) => peers.map(({ provider }) => provider));
}
