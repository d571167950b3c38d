import { MhlabError } from "../../model/errors.ts";
import { checkShape, type Check } from "./verdict.ts";

/** The file that makes a folder one of a check. */
export const CHECK_JSON = "check.json";

/** A check as its folder has it. Throws MhlabError with the place of what is wrong. */
export function readCheck(content: string): Check {
  const read = checkShape.safeParse(parsed(content));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refused(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it is another one"}`);
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    throw refused("it is no JSON");
  }
}

function refused(why: string): MhlabError {
  return new MhlabError("MHLAB_RUN_UNREADABLE", `${CHECK_JSON}: ${why}`, {
    hint: "name a folder that `mhlab check` wrote; `sha256sum -c SHA256SUMS` in it finds files that were changed",
  });
}
