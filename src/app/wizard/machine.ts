import { HERE_SCRIPT } from "../../features/doctor/probe-script.ts";
import { parseHostFacts } from "../../core/model/host/facts.ts";
import { machineFacts, UNKNOWN_MACHINE, type MachineFacts } from "../../features/wizard/machine.ts";
import type { Machine, MachineSources } from "../ports/machine.ts";
import { probeHost, withSession } from "../probe-host.ts";
import { timeLimit } from "../ports/time.ts";

const ASK_MS = 2000;
const LOOK_MS = 8000;

/** Sees the engine's host through the BNG image; without an engine or an image, this machine. */
export function openMachine(sources: MachineSources): Machine {
  return {
    async look(signal) {
      const asked = await sources.engine().catch(() => undefined);
      const images = await asked?.reader.listImages(timeLimit(ASK_MS, signal)).catch(() => undefined);
      signal.throwIfAborted();
      const engine = images === undefined ? undefined : asked?.where;
      const image = images?.find((reference) => reference.startsWith("mhlab/bng:"));
      const { sshAddress } = sources;
      if (asked !== undefined && image !== undefined) {
        const { runOnce } = asked;
        const limit = timeLimit(LOOK_MS, signal);
        const facts = await probeHost({ runOnce, image, sshAddress, signal: limit }).catch(() => undefined);
        signal.throwIfAborted();
        if (facts?.network !== undefined) return { engine, seen: "engine", ...machineFacts(facts) };
      }
      if (sources.sandbox || asked?.local === false) return { ...UNKNOWN_MACHINE, engine };
      return { engine, ...(await lookHere(sources, signal)) };
    },
  };
}

async function lookHere(sources: MachineSources, signal: AbortSignal): Promise<Omit<MachineFacts, "engine">> {
  const output = await sources.here(HERE_SCRIPT, signal);
  signal.throwIfAborted();
  try {
    return { seen: "here", ...machineFacts(withSession(parseHostFacts(output), sources.sshAddress)) };
  } catch {
    return UNKNOWN_MACHINE;
  }
}
