import { link, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { KeyRotation } from "../../app/ports/key-store.ts";
import { OperationError } from "../../core/model/errors.ts";
import { readKeyFile, syncFolder, writeNew } from "./key-file.ts";
import { inState, named } from "./state-folder.ts";
import { generatePrivateKey, publicKeyOf } from "./keys.ts";

/** The next key of a BNG as a file: `<provider>.next.key`, beside `<provider>.key`. */
export function openKeyRotation(store: {
  readonly state: string;
  folder(lab: string): string;
  prepareFolder(lab: string): Promise<void>;
}): KeyRotation {
  const fileOf = (lab: string, provider: string, suffix: string): string =>
    join(store.folder(lab), `${named(provider, "provider")}${suffix}`);

  async function next(lab: string, provider: string): Promise<string | undefined> {
    const text = await readKeyFile(fileOf(lab, provider, ".next.key"), store.state);
    return text === undefined ? undefined : publicKeyOf(text);
  }

  return {
    next,
    async prepare(lab, provider) {
      const present = await next(lab, provider);
      if (present !== undefined) return present;
      await inState(store.state, async () => {
        await store.prepareFolder(lab);
        await writeNew(fileOf(lab, provider, ".next.key"), `${generatePrivateKey()}\n`);
      });
      return (await next(lab, provider)) ?? "";
    },
    async swap(lab, provider) {
      const [key, following] = [".key", ".next.key"].map((suffix) => fileOf(lab, provider, suffix));
      if (key === undefined || following === undefined) return;
      if ((await next(lab, provider)) === undefined) {
        throw new OperationError("MHLAB_KEY_MISSING", `the key file ${following} is gone`, {
          hint: `run: mhlab keys rotate ${provider} --prepare`,
        });
      }
      // Whatever interrupts this, there is a key, and both are on disk.
      const aside = fileOf(lab, provider, ".swap.key");
      await inState(store.state, async () => {
        await rm(aside, { force: true });
        await link(key, aside);
        await rename(following, key);
        await rename(aside, following);
        await syncFolder(store.folder(lab));
      });
    },
    place: (lab, provider) => fileOf(lab, provider, ".next.key"),
    async drop(lab, provider) {
      const file = fileOf(lab, provider, ".next.key");
      await inState(store.state, () => rm(file, { force: true }));
    },
  };
}
