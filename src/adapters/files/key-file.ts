import { randomBytes } from "node:crypto";
import { link, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OperationError } from "../../core/model/errors.ts";
import { fileTrouble } from "../../core/model/file-trouble.ts";
import { mendAccess } from "./state-folder.ts";
import { publicKeyOf } from "./keys.ts";

const READABLE_BY_OTHERS = 0o077;

/**
 * A key of the state folder. Undefined when there is no file. Throws when others can read it, and when it holds no key, because
 * overwriting one could cut off a far side; what is in it is never part of an error.
 */
export async function readKeyFile(file: string, state: string): Promise<string | undefined> {
  const found = await readWithMode(file, state);
  if (found === undefined) return undefined;
  const { text, mode } = found;
  if ((mode & READABLE_BY_OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8);
    throw new OperationError("MHLAB_KEY_EXPOSED", `others can read the key file ${file} (mode ${octal})`, {
      hint: `chmod 600 ${file}\nwho may have read it can speak for the provider; a new key: mhlab keys rotate`,
      state: "The file was left as it is.",
    });
  }
  if (publicKeyOf(text) !== undefined) return text;
  throw new OperationError("MHLAB_KEY_BROKEN", `the key file ${file} holds no WireGuard key`, {
    hint: "restore it from a backup, or remove the file: the next `mhlab up` then makes a new key, which a real far side must be told",
    state: "The file was left as it is.",
  });
}

async function readWithMode(
  file: string,
  state: string,
): Promise<{ text: string; mode: number } | undefined> {
  try {
    const handle = await open(file, "r");
    try {
      const { mode } = await handle.stat();
      return { text: (await handle.readFile("utf8")).trim(), mode };
    } finally {
      await handle.close();
    }
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
}

/** Writes a file that must not exist yet, whole or not at all, and on the disk before it counts; fine when another run was first. */
export async function writeNew(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeSynced(temporary, text);
    await link(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Sees to it that what was renamed or linked in a folder outlives a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
