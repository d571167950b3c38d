import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { word, type Input, type Outcome } from "./input.ts";

/** `mhlab metrics`. */
export const metricsCommand: CommandDefinition = {
  path: ["metrics"],
  group: "Look inside",
  summary: "print a lab's metrics for Prometheus",
  description:
    "Prints round-trip times, ages, leases, traffic and states from every agent in Prometheus' text format; by default for all labs. Unknown values are absent. `mhlab dashboard` serves the same at /metrics.",
  arguments: [
    {
      usage: "[lab]",
      description: "a lab file or a lab's name; by default all running labs",
    },
  ],
  examples: [
    ["metrics", "all running labs"],
    [
      "metrics two-isps > /var/lib/prometheus/node-exporter/two-isps.prom",
      "for the node exporter's textfile collector",
    ],
  ],
  next: ["dashboard", "status --json"],
  run: runMetrics,
};

async function runMetrics(context: Context, input: Input): Promise<Outcome> {
  const [{ labStatus }, { renderMetrics }, engines] = await Promise.all([
    import("../../app/status.ts"),
    import("../../features/metrics/render.ts"),
    context.engines(),
  ]);
  const { signal } = context;
  const argument = word(input, 0);
  if (argument !== undefined) {
    const { findLab } = await import("./find-lab.ts");
    const found = await findLab(context, engines, argument);
    return { text: renderMetrics([await labStatus({ ...found, signal })], Date.now() / 1000) };
  }
  const [{ labNames }, { enginesOf, nodesOf }, seen] = await Promise.all([
    import("../../core/render/plan/labels.ts"),
    import("../../app/agents/engines.ts"),
    engines.look(signal),
  ]);
  const labs = labNames(seen.containers);
  const statuses = await Promise.all(
    labs.map((lab) => labStatus({ lab, nodes: nodesOf(seen, lab), engines: enginesOf(seen, lab), signal })),
  );
  return { text: renderMetrics(statuses, Date.now() / 1000) };
}
