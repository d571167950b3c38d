import { parseHostFacts, type HostFacts } from "../core/model/host/facts.ts";
import { PROBE_SCRIPT } from "../features/doctor/probe-script.ts";
import type { RunOnce } from "./ports/host-probe.ts";

export interface ProbeOptions {
  readonly runOnce: RunOnce;
  readonly image: string;
  /** Local address of the SSH session that mhlab runs in, if any. */
  readonly sshAddress: string | undefined;
  readonly signal: AbortSignal;
}

/** Looks at the engine's host by a short-lived container there. Throws what the engine says when it cannot be run. */
export async function probeHost({ runOnce, image, sshAddress, signal }: ProbeOptions): Promise<HostFacts> {
  const argv = ["sh", "-c", PROBE_SCRIPT];
  const binds = ["/run:/host/run:ro"];
  const { stdout } = await runOnce({ image, argv, binds, hostProcesses: true }, signal);
  return withSession(parseHostFacts(stdout), sshAddress);
}

/** What was seen of a host, with the SSH session that mhlab runs in among those that come in there. */
export function withSession(facts: HostFacts, sshAddress: string | undefined): HostFacts {
  if (facts.network === undefined || sshAddress === undefined) return facts;
  const sshSessions = [...facts.network.sshSessions, { address: sshAddress, interface: undefined }];
  return { ...facts, network: { ...facts.network, sshSessions } };
}
