import type { Delegation } from "../../core/render/cpe/delegations.ts";
import type { Problem } from "../../core/model/status/model.ts";
import type { Link } from "../net/link.ts";
import type { Wan } from "./wan.ts";
import type { WanChanges } from "./wans.ts";

/** What there is at home at a moment. */
export interface HomeNow {
  readonly wans: readonly Wan[];
  readonly lan: Link | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** Who decides at home: asks the providers, numbers the LAN, routes and advertises. */
export interface HomeSoftware {
  /** What is delegated, as it knows or as it is seen; of one line the one that is to be used first. */
  readonly delegations: readonly Delegation[];
  /** How often each of its programs had to be started again. */
  readonly restarts: Readonly<Record<string, number>>;
  /** Whether all that hosts can be told of is known: what is missing then is not coming. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
  /** DNS servers that the CPE itself asks. */
  readonly dns: readonly string[];
  /** Before the first address; called at each comparison. */
  begin(): Promise<void>;
  /** The lines are others than before. */
  follow(changes: WanChanges): void;
  update(home: HomeNow): Promise<void>;
  /** Asks all providers again after the lab file changed; resolves when they have answered, and `compare` has seen it. */
  renew(wans: readonly Wan[], compare: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}
