import { UsageError } from "../core/model/errors.ts";
import type { Lab } from "../core/model/lab/model.ts";
import type { KeyName } from "../core/render/nodes/spec.ts";
import type { KeyStore } from "./ports/key-store.ts";

/** A key that may be shown: the public half, or for a pre-shared key its fingerprint alone. */
export interface ShownKey {
  readonly provider: string;
  readonly kind: KeyName["side"] | "next";
  readonly publicKey: string | null;
  readonly fingerprint: string;
  /** Where the secret lies. */
  readonly file: string;
}

export interface KeysQuestion {
  readonly lab: string;
  /** With the lab file, keys that are missing are made. */
  readonly file: Lab | undefined;
  readonly provider: string | undefined;
}

/** The keys of a lab as far as they may be shown. Throws UsageError for a provider that it does not have. */
export async function showKeys(keys: KeyStore, question: KeysQuestion): Promise<ShownKey[]> {
  const { lab, file, provider } = question;
  const known = file === undefined ? await keys.providers(lab) : file.providers.map(({ name }) => name);
  if (provider !== undefined && !known.includes(provider)) {
    throw new UsageError(`the lab '${lab}' has no provider ${provider}`, {
      hint: `its providers are ${known.join(", ")}`,
    });
  }
  const wanted = known.filter((name) => provider === undefined || name === provider);
  if (file !== undefined) {
    await keys.ensure(
      lab,
      file.providers
        .filter(({ name }) => wanted.includes(name))
        .map(({ name, wireguard }) => ({
          provider: name,
          bundled: wireguard.kind === "bundled",
          preshared: wireguard.presharedKey,
        })),
    );
  }
  const found = await keys.publicKeys(lab, wanted);
  const shown = await Promise.all(
    wanted.map(async (name) => {
      const own = found.get(name);
      const place = (side: KeyName["side"]): string => keys.place(lab, { provider: name, side });
      const asymmetric = (
        kind: ShownKey["kind"],
        publicKey: string | undefined,
        at: string,
      ): readonly ShownKey[] =>
        publicKey === undefined
          ? []
          : [{ provider: name, kind, publicKey, fingerprint: keys.fingerprint(publicKey), file: at }];
      return [
        ...asymmetric("bng", own?.bng, place("bng")),
        ...asymmetric("next", await keys.rotation.next(lab, name), keys.rotation.place(lab, name)),
        ...asymmetric("internet", own?.internet, place("internet")),
        ...(own?.preshared === undefined
          ? []
          : [
              {
                provider: name,
                kind: "preshared" as const,
                publicKey: null,
                fingerprint: own.preshared,
                file: place("preshared"),
              },
            ]),
      ];
    }),
  );
  return shown.flat();
}

/** The lab of which keys are kept, when there is only one; throws UsageError that lists what there is. */
export async function onlyLabWithKeys(keys: KeyStore): Promise<string> {
  const [only, ...others] = await keys.labs();
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(only === undefined ? "no lab has keys yet" : "which lab? several have keys", {
    hint:
      only === undefined
        ? "name a lab file: mhlab keys show lab.yaml"
        : `name one: mhlab keys show --name ${only}   (there are ${[only, ...others].join(", ")})`,
  });
}
