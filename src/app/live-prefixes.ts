import { formatPrefix6 } from "../core/model/ip6.ts";
import type { Lab } from "../core/model/lab/model.ts";
import { parseAssignedPrefix } from "../core/model/values/parse.ts";
import { nodesOf, type Engines } from "./agents/engines.ts";
import { livePrefixes } from "./renumber.ts";
import { labStatus } from "./status.ts";

/** The live prefixes of providers that run and are renumbered, by name; the others have that of the lab file. */
export async function prefixesOfRunning(
  { name, providers }: Lab,
  engines: Engines,
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  const nodes = nodesOf(await engines.look(signal), name).filter(({ role, runs }) => role === "bng" && runs);
  if (nodes.length === 0) return new Map();
  const status = await labStatus({ lab: name, nodes, signal });
  return new Map(
    status.providers.flatMap((provider) => {
      const found = livePrefixes(provider.prefixes).flatMap((text) => {
        const prefix = parseAssignedPrefix(text);
        return prefix === undefined ? [] : [formatPrefix6(prefix)];
      });
      const own = providers.find((one) => one.name === provider.name)?.prefix;
      const usual = own !== undefined && found.join() === formatPrefix6(own);
      return found.length === 0 || usual ? [] : [[provider.name, found] as const];
    }),
  );
}
