import { randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OperationError } from "../../core/errors.ts";
import { fileTrouble } from "../../core/file-trouble.ts";
import { mendAccess } from "./state-folder.ts";
import { publicKeyOf } from "./x25519.ts";

/** A key of the state folder. Undefined when there is no file; throws when it holds no key, because overwriting one could cut off a far side. */
export async function readKeyFile(file: string, state: string): Promise<string | undefined> {
  let text: string;
  try {
    text = (await readFile(file, "utf8")).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new OperationError(
      "MHLAB_KEY_UNREADABLE",
      `cannot read the key file ${file}: ${fileTrouble(cause)}`,
      {
        hint: await mendAccess(state, cause),
        cause,
      },
    );
  }
  if (publicKeyOf(text) !== undefined) return text;
  throw new OperationError("MHLAB_KEY_BROKEN", `the key file ${file} holds no WireGuard key`, {
    hint: "restore it from a backup, or remove the file: the next `mhlab up` then makes a new key, which a real far side must be told",
    state: "The file was left as it is.",
  });
}

/** Writes a file that must not exist yet, whole or not at all; fine when another run was first. */
export async function writeNew(file: string, text: string): Promise<void> {
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
