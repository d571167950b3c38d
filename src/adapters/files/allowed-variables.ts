import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AllowedVariables } from "../../app/ports/allowed-variables.ts";
import { list, record, text } from "../../core/model/values/shape.ts";
import { makeFolder } from "./make-folder.ts";
import { inState } from "./state-folder.ts";

const read = record(list(text));

/** One file of the state folder: lists of variables' names by the path of the lab file. Values are in it never. */
export function openAllowedVariables(state: string): AllowedVariables {
  const file = join(state, "allowed-variables.json");
  const all = async (): Promise<Record<string, string[]>> => {
    try {
      return read(JSON.parse(await readFile(file, "utf8")));
    } catch {
      return {}; // Who cannot be asked what was allowed is asked again.
    }
  };
  const of = async (place: string): Promise<string[]> =>
    new Map(Object.entries(await all())).get(place) ?? [];
  return {
    of,
    async add(place, variables) {
      const names = [...new Set([...(await of(place)), ...variables])].sort();
      const fresh = `${file}.${randomBytes(6).toString("hex")}`;
      await inState(state, async () => {
        await makeFolder(state, 0o700);
        try {
          await writeFile(fresh, `${JSON.stringify({ ...(await all()), [place]: names }, null, 2)}\n`, {
            mode: 0o600,
            flag: "wx",
          });
          await rename(fresh, file);
        } finally {
          await rm(fresh, { force: true });
        }
      });
    },
  };
}
