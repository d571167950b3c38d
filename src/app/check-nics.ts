import { HostError } from "../core/errors.ts";
import type { Finding } from "../core/host/finding.ts";
import { hostEar, hostRaFindings } from "../core/doctor/host-ra.ts";
import { managerFindings } from "../core/host/nic-manager.ts";
import { refuseClaim } from "../core/host/nic-safety.ts";
import { kindOf } from "../core/links/registry.ts";
import type { Report, Warning } from "../core/plan/progress.ts";
import type { PlannedLab } from "./plan-up.ts";
import type { EngineWriter } from "./ports/engine-writer.ts";
import { probeHost } from "./probe-host.ts";

interface CheckOptions {
  readonly writer: EngineWriter;
  readonly sshAddress: string | undefined;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/**
 * Before a container is started that would take an interface from the host: looks whether the host needs it. Throws
 * HostError that names every interface refused; tells of managers that will meddle, and of interfaces by which the host
 * will hear the lab's providers. Labs that touch no interface of the host cost nothing.
 */
export async function checkNics({ lab, plan, specs }: PlannedLab, options: CheckOptions): Promise<void> {
  const starting = new Set(
    plan.steps
      .filter(({ action }) => ["create", "recreate", "start"].includes(action))
      .map(({ name }) => name),
  );
  const claims = lab.providers.flatMap(({ name, subscriber }) => {
    const use = starting.has(name) ? kindOf(subscriber).hostUse(subscriber) : undefined;
    return use?.how === "takes" ? [{ provider: name, ...use }] : [];
  });
  const heard = lab.providers.filter(
    (provider) => starting.has(provider.name) && hostEar(provider) !== undefined,
  );
  const image = specs.get(claims[0]?.provider ?? heard[0]?.name ?? "")?.image;
  if (image === undefined) return;
  const { writer, sshAddress, signal, report } = options;
  const runOnce: EngineWriter["runOnce"] = (shot, stop) => writer.runOnce(shot, stop);
  const facts = await probeHost({ runOnce, image, sshAddress, signal });
  const { network, managers } = facts;
  if (network === undefined) return;
  const refusals = claims.flatMap(({ interface: name, forced }) => {
    const refusal = forced === true ? undefined : refuseClaim(name, network);
    return refusal === undefined ? [] : [refusal];
  });
  if (refusals.length > 0) {
    const [only = ""] = refusals;
    throw new HostError(
      "MHLAB_NIC_REFUSED",
      refusals.length === 1 ? only : `${refusals.length} interfaces are not taken from the host`,
      {
        evidence: refusals.length === 1 ? [] : refusals,
        hint: "name another interface; or take it all the same with --force, or in the lab file with subscriber: {interface: …, force: true}",
        state: "No container was started or changed.",
      },
    );
  }
  const managed = claims.flatMap(({ interface: name }) => managerFindings(name, managers.get(name)));
  for (const warning of [...once("nic-manager", managed), ...once("host-ra", hostRaFindings(heard, facts))]) {
    report({ kind: "warning", warning });
  }
}

/** One warning for all findings of a kind: a lab of a hundred links has one worry, not a hundred. */
function once(code: string, [first, ...others]: readonly Finding[]): Warning[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `; so it is with ${others.length} more: mhlab doctor names them`;
  const mend = first.mend === undefined ? {} : { mend: first.mend };
  return [{ code, message: `${first.message}${more}`, ...mend }];
}
