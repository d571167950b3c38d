/** What `mhlab status --json` prints, as a shape: of the shapes by which the agents' answers are read. */
import { flag, list, object, optional, text, type Shape } from "../values/shape.ts";
import type { InternetStatus, LabStatus, LanHostStatus } from "./model.ts";
import { lanView, SHAPES } from "./read.ts";

/** A lab's status with the time at which it was so. */
export interface DatedLabStatus extends LabStatus {
  /** UTC, RFC 3339. */
  at: string;
}

const { bng, cpe, host, internet } = SHAPES;
const { name, state, ready, addressDetails, problems } = host.keys;

const lanHost = object<LanHostStatus>({
  role: host.keys.role,
  name,
  state,
  ready,
  lan: text,
  ...lanView.keys,
  addressDetails,
  problems,
});

/** One lab, as `mhlab status LAB --json` prints it. */
export const labShape = object<DatedLabStatus>({
  at: text,
  lab: text,
  healthy: flag,
  asked: optional(flag) as Shape<boolean>,
  providers: list(bng),
  cpes: list(object<LabStatus["cpes"][number]>({ ...cpe.keys, hosts: list(host) })),
  hosts: list(lanHost),
  internet: optional(internet) as Shape<InternetStatus>,
});
