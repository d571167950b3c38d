import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KeyStore } from "../../app/ports.ts";
import { OperationError } from "../../core/errors.ts";
import type { KeyName, ProviderKeys } from "../../core/plan/spec.ts";
import { labFolder } from "./state-folder.ts";
import { generatePrivateKey, publicKeyOf } from "./x25519.ts";

/** Keys as files: `labs/<lab>/keys/<provider>.key`, and `<provider>.internet.key` for a bundled far side. */
export function openKeyStore(state: string): KeyStore {
  const folder = (lab: string): string => join(labFolder(state, lab), "keys");
  const fileOf = (lab: string, { provider, side }: KeyName): string =>
    join(folder(lab), side === "bng" ? `${provider}.key` : `${provider}.internet.key`);

  async function publicKey(lab: string, key: KeyName): Promise<string | undefined> {
    const text = await readKeyFile(fileOf(lab, key));
    return text === undefined ? undefined : publicKeyOf(text);
  }

  async function make(lab: string, key: KeyName): Promise<string> {
    const present = await publicKey(lab, key);
    if (present !== undefined) return present;
    await writeNew(fileOf(lab, key), `${generatePrivateKey()}\n`);
    return (await publicKey(lab, key)) ?? "";
  }

  return {
    async publicKeys(lab, providers) {
      return await collect(providers, async (provider): Promise<ProviderKeys> => ({
        bng: await publicKey(lab, { provider, side: "bng" }),
        internet: await publicKey(lab, { provider, side: "internet" }),
      }));
    },
    async ensure(lab, wanted) {
      await mkdir(folder(lab), { recursive: true, mode: 0o700 });
      await chmod(folder(lab), 0o700);
      const bundled = new Set(wanted.filter((key) => key.bundled).map(({ provider }) => provider));
      return await collect(
        wanted.map(({ provider }) => provider),
        async (provider): Promise<ProviderKeys> => ({
          bng: await make(lab, { provider, side: "bng" }),
          internet: bundled.has(provider) ? await make(lab, { provider, side: "internet" }) : undefined,
        }),
      );
    },
    async read(lab, key) {
      const file = fileOf(lab, key);
      const text = await readKeyFile(file);
      if (text !== undefined) return text;
      throw new OperationError("MHLAB_KEY_MISSING", `the key file ${file} is gone`, {
        hint: "run the command again: it makes a new key",
      });
    },
    async purge(lab) {
      const names = await readdir(folder(lab)).catch(() => []);
      await rm(folder(lab), { recursive: true, force: true });
      return names.length;
    },
  };
}

async function collect<T>(
  names: readonly string[],
  of: (name: string) => Promise<T>,
): Promise<Map<string, T>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await of(name)] as const)));
}

/** Undefined when there is no file; throws when it holds no key, because overwriting one could cut off a far side. */
async function readKeyFile(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = (await readFile(file, "utf8")).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new OperationError("MHLAB_KEY_UNREADABLE", `cannot read the key file ${file}`, {
      hint: `look at its owner and mode: ls -l ${file}`,
      cause,
    });
  }
  if (publicKeyOf(text) !== undefined) return text;
  throw new OperationError("MHLAB_KEY_BROKEN", `the key file ${file} holds no WireGuard key`, {
    hint: "restore it from a backup, or remove the file: the next `mhlab up` then makes a new key, which a real far side must be told",
    state: "The file was left as it is.",
  });
}

/** Writes a file that must not exist yet, whole or not at all; fine when another run was first. */
async function writeNew(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${randomBytes(6).toString("hex")}.tmp`);
  await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
  try {
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
