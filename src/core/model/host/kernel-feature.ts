/** Something of the host's kernel that a lab may need; it is tried in a probe's own network. */
export interface KernelFeature {
  readonly name: string;
  /** The command that makes one; those before it in the list have run. */
  readonly attempt: string;
  /** What it is, for a person. */
  readonly use: string;
  /** The module that brings it. */
  readonly module: string;
  /** No lab works without it. */
  readonly vital?: true;
}

/** One end of the pair that the probe makes; other attempts put something on it. */
export const PROBE_LINK = "mhp1";

export const VETH: KernelFeature = {
  name: "veth",
  attempt: `ip link add ${PROBE_LINK} type veth peer name mhp2`,
  use: "pairs of interfaces (veth)",
  module: "veth",
  vital: true,
};

export const BRIDGE: KernelFeature = {
  name: "bridge",
  attempt: "ip link add mhp3 type bridge",
  use: "bridges",
  module: "bridge",
};

export const NETEM: KernelFeature = {
  name: "netem",
  attempt: `tc qdisc add dev ${PROBE_LINK} root netem delay 1ms`,
  use: "delay and loss (netem)",
  module: "sch_netem",
};

/** Queues for what comes in: without it a line has none upstream. */
export const IFB: KernelFeature = {
  name: "ifb",
  attempt: "ip link add mhp8 type ifb",
  use: "queues for what arrives (ifb)",
  module: "ifb",
};
