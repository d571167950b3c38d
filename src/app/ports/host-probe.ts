import type { EngineFacts, ImageFacts, OldImages } from "../../features/doctor/engine-findings.ts";
import type { HeldInterfaces } from "../../features/doctor/lab-findings.ts";
import type { ExecResult } from "./engine-reader.ts";
import type { OneShot } from "./engine-writer.ts";

export type RunOnce = (shot: OneShot, signal: AbortSignal) => Promise<ExecResult>;

/** Looking at an engine and, by containers that end at once, at its host. */
export interface HostProbe {
  /** Throws HostError MHLAB_NO_ENGINE when none answers. */
  engine(signal: AbortSignal): Promise<EngineFacts>;
  images(signal: AbortSignal): Promise<ImageFacts>;
  /** What `image prune` would remove for a mhlab whose images are the current ones. */
  oldImages(current: readonly string[], signal: AbortSignal): Promise<OldImages>;
  held(signal: AbortSignal): Promise<HeldInterfaces>;
  readonly runOnce: RunOnce;
  readonly sshAddress: string | undefined;
}
