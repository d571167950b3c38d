import { randomBytes } from "node:crypto";
import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { KeyStore } from "../../app/ports/key-store.ts";
import { OperationError } from "../../core/model/errors.ts";
import { errnoOf } from "../../core/model/file-trouble.ts";
import { isName } from "../../core/model/names.ts";
import type { KeyName, ProviderKeys } from "../../core/render/nodes/spec.ts";
import { openKeyRotation } from "./key-rotation.ts";
import { readKeyFile, writeNew } from "./key-file.ts";
import { makeFolder } from "./make-folder.ts";
import { inState, labFolder, named } from "./state-folder.ts";
import { generatePrivateKey, keyFingerprint, publicKeyOf } from "./keys.ts";

const FILE_OF = { bng: ".key", internet: ".internet.key", preshared: ".psk" } as const;

/** Keys as files in `labs/<lab>/keys`: `<provider>.key`, `<provider>.internet.key` of a bundled far side, `<provider>.psk`. */
export function openKeyStore(state: string): KeyStore {
  const folder = (lab: string): string => join(labFolder(state, lab), "keys");
  const fileOf = (lab: string, { provider, side }: KeyName): string =>
    join(folder(lab), `${named(provider, "provider")}${FILE_OF[side]}`);

  async function publicKey(lab: string, key: KeyName): Promise<string | undefined> {
    const text = await readKeyFile(fileOf(lab, key), state);
    return text === undefined ? undefined : publicKeyOf(text);
  }

  async function make(lab: string, key: KeyName): Promise<string> {
    const present = await publicKey(lab, key);
    if (present !== undefined) return present;
    await writeNew(fileOf(lab, key), `${generatePrivateKey()}\n`);
    return (await publicKey(lab, key)) ?? "";
  }

  async function preshared(lab: string, provider: string): Promise<string | undefined> {
    const text = await readKeyFile(fileOf(lab, { provider, side: "preshared" }), state);
    return text === undefined ? undefined : keyFingerprint(text);
  }

  async function makePreshared(lab: string, provider: string): Promise<string | undefined> {
    const present = await preshared(lab, provider);
    if (present !== undefined) return present;
    const file = fileOf(lab, { provider, side: "preshared" });
    await writeNew(file, `${randomBytes(32).toString("base64")}\n`);
    return await preshared(lab, provider);
  }

  async function prepareFolder(lab: string): Promise<void> {
    await makeFolder(folder(lab), 0o700);
    await chmod(folder(lab), 0o700);
  }

  async function providersWithKeys(lab: string): Promise<string[]> {
    const names = await namesIn(folder(lab), state);
    return names.flatMap((name) => /^([^.]+)\.key$/.exec(name)?.[1] ?? []).sort();
  }

  return {
    async publicKeys(lab, providers) {
      return await collect(providers, async (provider): Promise<ProviderKeys> => ({
        bng: await publicKey(lab, { provider, side: "bng" }),
        internet: await publicKey(lab, { provider, side: "internet" }),
        preshared: await preshared(lab, provider),
      }));
    },
    async ensure(lab, wanted) {
      return await inState(state, async () => {
        await prepareFolder(lab);
        const of = new Map(wanted.map((key) => [key.provider, key]));
        return await collect([...of.keys()], async (provider): Promise<ProviderKeys> => {
          const shared = of.get(provider)?.preshared === true;
          return {
            bng: await make(lab, { provider, side: "bng" }),
            internet:
              of.get(provider)?.bundled === true
                ? await make(lab, { provider, side: "internet" })
                : undefined,
            ...(shared ? { preshared: await makePreshared(lab, provider) } : {}),
          };
        });
      });
    },
    async read(lab, key) {
      const file = fileOf(lab, key);
      const text = await readKeyFile(file, state);
      if (text !== undefined) return text;
      throw new OperationError("MHLAB_KEY_MISSING", `the key file ${file} is gone`, {
        hint: "run the command again: it makes a new key",
      });
    },
    async purge(lab) {
      const names = await namesIn(folder(lab), state);
      await inState(state, () => rm(folder(lab), { recursive: true, force: true }));
      return names.length;
    },
    async labs() {
      const names = (await namesIn(join(state, "labs"), state)).filter(isName);
      const counts = await Promise.all(names.map(async (lab) => (await providersWithKeys(lab)).length));
      return names.filter((_, index) => (counts[index] ?? 0) > 0).sort();
    },
    providers: providersWithKeys,
    fingerprint: keyFingerprint,
    place: fileOf,
    rotation: openKeyRotation({ state, folder, prepareFolder }),
  };
}

/** None when there is no such folder; throws when there is one that cannot be read. */
async function namesIn(folder: string, state: string): Promise<string[]> {
  return await inState(state, async () => {
    try {
      return await readdir(folder);
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return [];
      throw error;
    }
  });
}

async function collect<T>(
  names: readonly string[],
  of: (name: string) => Promise<T>,
): Promise<Map<string, T>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await of(name)] as const)));
}
