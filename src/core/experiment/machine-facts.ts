/** With what it ran. */
export interface MachineFacts {
  readonly mhlab: string;
  /** The commit that this mhlab was built from, with `-dirty` when files differed from it; null when the build could not tell. */
  readonly commit: string | null;
  readonly kernel: string;
  readonly engine: string;
  /** The processor's own name for itself, its cores, and the memory of the engine's host. Null where the host does not say. */
  readonly hardware: {
    readonly cpu: string | null;
    readonly cores: number | null;
    readonly memoryBytes: number | null;
  };
  readonly load: LoadFacts;
  /** Reference and id of each node's image. */
  readonly images: Readonly<Record<string, string>>;
  /** Versions of the daemons and programs in each image, by its reference and by package. */
  readonly packages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly sysctls: Readonly<Record<string, string>>;
  /** `tc -s qdisc` of each member at the end. */
  readonly queues: Readonly<Record<string, string>>;
  /** The engine's clock minus that of the CLI, in milliseconds, and how far that can be wrong. */
  readonly clock: { readonly offsetMs: number; readonly uncertaintyMs: number };
}

/** How busy the engine's host was during a run. The greatest values are null when there were too few samples. */
export interface LoadFacts {
  readonly everyS: number;
  readonly samples: number;
  /** The greatest load average of one minute, as `uptime` shows it. */
  readonly mostLoad1: number | null;
  /** The greatest share of time between two samples in which the processors worked, from 0 to 1. */
  readonly mostBusy: number | null;
}
