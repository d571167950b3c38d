import { ExitCode } from "../core/errors.ts";
import type { EngineReader } from "../app/ports/engine-reader.ts";
import { viewOn, type Context } from "./context.ts";
import { dated } from "./dated.ts";
import type { Outcome } from "./outcome.ts";
import { labHere } from "./find-lab.ts";

/** `mhlab status` without a name where that means no lab or several; undefined when it means one. */
export async function statusOfAll(context: Context, reader: EngineReader): Promise<Outcome | undefined> {
  const [{ labStatus }, { labNames }, { renderBriefly }, containers] = await Promise.all([
    import("../app/status.ts"),
    import("../core/plan/labels.ts"),
    import("../views/labs.ts"),
    reader.listContainers(context.signal),
  ]);
  const names = labNames(containers);
  if (names.length === 0) return { json: dated({ labs: [] }), text: "no lab is running on this engine\n" };
  if (names.length === 1 || (await labHere(context, names)) !== undefined) return undefined;
  const { signal } = context;
  const labs = await Promise.all(names.map((lab) => labStatus(reader, { lab, containers, signal })));
  return {
    json: dated({ labs }),
    text: renderBriefly(labs, viewOn(context.stdout)),
    exitCode: labs.every(({ healthy }) => healthy) ? ExitCode.ok : ExitCode.degraded,
  };
}
