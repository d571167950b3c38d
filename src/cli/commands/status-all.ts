import { ExitCode } from "../../core/model/errors.ts";
import type { Engines } from "../../app/agents/engines.ts";
import { viewOn, type Context } from "./context.ts";
import { dated } from "./dated.ts";
import type { Outcome } from "./input.ts";
import { labHere } from "./find-lab.ts";

/** Whether no name means all labs: where none runs, or several of which none is that of this folder. */
export async function meansAll(context: Context, names: readonly string[]): Promise<boolean> {
  return names.length !== 1 && (names.length === 0 || (await labHere(context, names)) === undefined);
}

/** `mhlab status` without a name where that means no lab or several; undefined when it means one. */
export async function statusOfAll(context: Context, engines: Engines): Promise<Outcome | undefined> {
  const [{ labStatus }, { labNames }, { renderBriefly }, { enginesOf, nodesOf }, seen] = await Promise.all([
    import("../../app/status.ts"),
    import("../../core/render/plan/labels.ts"),
    import("../views/labs.ts"),
    import("../../app/agents/engines.ts"),
    engines.look(context.signal),
  ]);
  const names = labNames(seen.containers);
  if (!(await meansAll(context, names))) return undefined;
  const { signal } = context;
  const labs = await Promise.all(
    names.map((lab) => labStatus({ lab, nodes: nodesOf(seen, lab), engines: enginesOf(seen, lab), signal })),
  );
  return {
    json: dated({ labs }),
    text: renderBriefly(
      labs,
      viewOn(context.stdout),
      labs.length === 0 ? await context.sandboxBeside() : undefined,
    ),
    exitCode: labs.every(({ healthy }) => healthy) ? ExitCode.ok : ExitCode.degraded,
  };
}
