/** The way between two machines, before a link across is made. */
import { HostError } from "../core/model/errors.ts";
import { enginesOfNodes } from "../core/model/lab/engines.ts";
import type { Lab, Provider } from "../core/model/lab/model.ts";
import { Label } from "../core/model/names.ts";
import { vxlanMtu } from "../core/model/links/vxlan.ts";
import type { Report } from "../core/render/plan/progress.ts";
import { PATH_SCRIPT, pathMtu } from "../features/doctor/path.ts";
import type { Node } from "./agents/node.ts";
import type { PlannedLab } from "./plan-up.ts";

interface Crossing {
  readonly provider: Provider;
  /** Where its CPE runs. */
  readonly engine: string;
  readonly remote: string;
}

/**
 * Measures the MTU of the way from each provider that a plan changes to a CPE on another machine. Throws HostError when a
 * router advertisement's MTU does not fit into the VXLAN: larger packets would vanish without an ICMP error.
 */
export async function checkLinks(
  planned: PlannedLab,
  { signal, report }: { readonly signal: AbortSignal; readonly report: Report },
): Promise<void> {
  const touched = new Set(planned.plan.steps.map(({ name }) => name));
  const crossings = crossingsOf(planned.lab).filter(({ provider }) => touched.has(provider.name));
  const ways = new Map<string, Promise<number | undefined>>();
  const troubles: string[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const { provider, engine, remote } of crossings) {
    const [node, spec] = [planned.nodes.get(provider.name), planned.specs.get(provider.name)];
    if (node === undefined || spec === undefined) continue;
    const key = `${spec.labels[Label.engine]} ${remote}`;
    const way = ways.get(key) ?? measure(node, spec.image, remote, signal);
    ways.set(key, way);
    const path = await way;
    if (path === undefined) {
      const message = `the way from ${provider.name} to ${engine} (${remote}) does not answer pings, so its MTU is not known`;
      report({ kind: "warning", warning: { code: "path-unknown", message } });
      continue;
    }
    const fits = vxlanMtu(path, remote);
    const told = provider.ra.mtu ?? provider.wireguard.mtu;
    if (told <= fits) continue;
    least = Math.min(least, fits);
    troubles.push(
      `${provider.name} tells its CPE an MTU of ${told}: the way to ${engine} carries ${path}, so a VXLAN ${fits}`,
    );
  }
  const [first] = troubles;
  if (first === undefined) return;
  throw new HostError(
    "MHLAB_HOST_LACKS",
    troubles.length === 1 ? first : `${troubles.length} links between machines are too narrow`,
    {
      evidence: troubles.length === 1 ? [] : troubles,
      hint: `in the lab file: router-advertisement: {mtu: ${least}}, or let the way between the machines carry larger packets`,
      state: "No container was started or changed.",
    },
  );
}

/** Providers whose CPE runs on another machine. */
function crossingsOf(lab: Lab): Crossing[] {
  const places = enginesOfNodes(lab);
  return lab.providers.flatMap((provider) => {
    if (provider.subscriber.kind !== "cpe") return [];
    const engine = places.get(provider.subscriber.cpe);
    const remote = lab.engines.find(({ name }) => name === engine)?.address;
    const isElsewhere = engine !== places.get(provider.name);
    return engine !== undefined && remote !== undefined && isElsewhere ? [{ provider, engine, remote }] : [];
  });
}

async function measure(
  node: Node,
  image: string,
  remote: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const writer = await node.engine.writer();
  const { stdout } = await writer.runOnce({ image, argv: ["sh", "-c", PATH_SCRIPT, remote] }, signal);
  return pathMtu(stdout);
}
