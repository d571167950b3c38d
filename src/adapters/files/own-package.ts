import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OwnPackage } from "../../app/ports/own-package.ts";
import { Cancelled, HostError, OperationError } from "../../core/model/errors.ts";
import { errnoOf } from "../../core/model/file-trouble.ts";
import { npmPack } from "../machine/npm-pack.ts";

const LIMIT_MS = 60_000;

/** The package whose root is a folder: a clone that was built, or an installed mhlab. */
export function ownPackage(root: string): OwnPackage {
  return {
    async pack(signal) {
      const folder = await mkdtemp(join(tmpdir(), "mhlab-pack-"));
      try {
        await packByNpm(root, folder, signal);
        const name = (await readdir(folder)).find((one) => one.endsWith(".tgz")) ?? "mhlab.tgz";
        const [bytes, licence, thirdParty] = await Promise.all([
          readFile(join(folder, name)),
          readFile(join(root, "LICENSE"), "utf8"),
          readFile(join(root, "dist/THIRD-PARTY.txt"), "utf8"),
        ]);
        return { name, bytes, licence, thirdParty };
      } catch (cause) {
        if (errnoOf(cause) !== "ENOENT") throw cause;
        throw new OperationError("MHLAB_NOT_BUILT", "mhlab is not built, or not installed completely", {
          hint: "in a clone: npm run build. Otherwise reinstall mhlab",
          state: "Nothing was changed.",
          cause,
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function packByNpm(root: string, folder: string, signal: AbortSignal): Promise<void> {
  const result = await npmPack("npm", ["--offline"], { cwd: root, folder, limitMs: LIMIT_MS, signal });
  if (result.isCanceled) throw new Cancelled({ state: "Nothing was changed." });
  if (result.code === "ENOENT")
    throw new HostError("MHLAB_MISSING_PROGRAM", "npm is missing, which packs mhlab itself", {
      hint: "install npm; it comes with Node",
      state: "Nothing was changed.",
    });
  if (!result.failed) return;
  throw new OperationError("MHLAB_EXPORT", "npm cannot pack mhlab", {
    evidence: result.stderr.split("\n").slice(-5),
    state: "Nothing was changed.",
  });
}
