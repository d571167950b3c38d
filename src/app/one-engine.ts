import { UsageError } from "../core/model/errors.ts";
import type { Lab } from "../core/model/lab/model.ts";

/** Throws UsageError for a lab that names several engines; `why` says what needs only one. */
export function refuseEngines({ name, engines }: Lab, why: string): void {
  if (engines.length < 2) return;
  throw new UsageError(`the lab '${name}' runs on ${engines.length} engines, and ${why}`, {
    hint: "use a lab file whose nodes run on one engine",
    state: "Nothing was changed.",
  });
}
