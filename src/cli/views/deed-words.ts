import type { Deed } from "../../core/render/plan/plan.ts";

/** What is done, while it is. */
export const DOING: Readonly<Record<Deed["action"], string>> = {
  build: "building",
  remove: "removing",
  create: "creating",
  recreate: "making it anew",
  update: "updating",
  start: "starting",
  stop: "stopping",
  restart: "restarting",
  kill: "killing",
};

/** What has become of what a deed ends with; the others end when a node is ready. */
export const DONE: Readonly<Partial<Record<Deed["action"], string>>> = {
  build: "built",
  remove: "removed",
  stop: "stopped",
  kill: "killed",
};
