/** The engines that a lab file names. */
import type { Engine } from "../app/ports/engine.ts";
import { UsageError } from "../core/model/errors.ts";
import { enginesOfNodes } from "../core/model/lab/engines.ts";
import type { Lab } from "../core/model/lab/model.ts";

/**
 * Opens them, each once; with where each node is made. `named` is the engine that the command line names. Throws UsageError
 * when it names one, and when the lab has none.
 */
export async function enginesOfLab(
  lab: Lab,
  named: string | undefined,
  open: (host: string) => Promise<Engine>,
): Promise<
  [
    all: readonly [Engine, ...Engine[]],
    options: { engineOf: (node: string) => Engine; open: typeof open; names: Lab["engines"] },
  ]
> {
  if (named !== undefined)
    throw new UsageError(`the lab '${lab.name}' names its engines, and the command line names ${named}`, {
      hint: "leave the engine of the command line out",
      state: "Nothing was changed.",
    });
  const opened = await Promise.all(
    lab.engines.map(async ({ name, host }) => [name, await open(host)] as const),
  );
  const [first, ...others] = opened.map(([, engine]) => engine);
  if (first === undefined) throw new UsageError(`the lab '${lab.name}' has no engines`);
  const byName = new Map(opened);
  const places = enginesOfNodes(lab);
  const engineOf = (node: string): Engine => byName.get(places.get(node) ?? "") ?? first;
  return [[first, ...others], { engineOf, open, names: lab.engines }];
}
