import { reasonOf } from "../../core/model/errors.ts";
import type { FaultEvent } from "../../core/model/protocol/event.ts";
import type { StatusShape } from "../../core/model/protocol/patch.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { serveAgent, type Handlers, type Streams } from "./server.ts";

/** The work of a role: it runs, has a status, and can be asked to compare everything with what should be. */
export interface Appliance<S extends NodeStatus> {
  readonly role: S["role"];
  /** The schema of its status. */
  readonly shape: StatusShape;
  /** The node's name. */
  readonly name: string;
  /** Called whenever the status may have changed, with when it did if that is known (`Clock.monotonicMs`); set by whoever serves it. */
  onChange: (sinceMs?: number) => void;
  /** Called with what happened, of a role that tells such things; set likewise. */
  onEvent?: (event: FaultEvent) => void;
  /** Called when somebody begins to follow, and when nobody does any more: what costs is done only meanwhile. */
  onObserved?(observed: boolean): void;
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
  /** Compares everything now; what it returns is printed beside `ok`. */
  resync(): void | object | Promise<void | object>;
  /** As it is now; what costs programs to find out may be that many milliseconds old, and is as new as can be without it. */
  status(maxAgeMs?: number): S | Promise<S>;
  /** What else the role answers. */
  readonly handlers?: Handlers;
  /** What else it tells for as long as somebody listens. */
  readonly streams?: Streams;
}

/** Serves an appliance's status, starts it, and stops it in order at SIGTERM, once; then the process ends. */
export async function serveAppliance<S extends NodeStatus>(
  appliance: Appliance<S>,
  clock: Clock,
): Promise<void> {
  const server = await serveAgent({
    node: appliance.name,
    role: appliance.role,
    shape: appliance.shape,
    clock,
    status: async (maxAgeMs) => await appliance.status(maxAgeMs),
    observed: (observed) => appliance.onObserved?.(observed),
    streams: appliance.streams,
    handlers: {
      ...appliance.handlers,
      resync: async () => ({ ok: true, ...(await appliance.resync()) }),
    },
  });
  appliance.onChange = (sinceMs) => server.publish(sinceMs);
  appliance.onEvent = (event) => server.record(event);
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log("info", `${signal}: shutting down`);
    server.close();
    try {
      await appliance.stop();
      process.exit(0);
    } catch (error) {
      log("error", reasonOf(error));
      process.exit(1);
    }
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop(signal));
  await appliance.start();
}
