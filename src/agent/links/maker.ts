import type { HostLinkWord } from "../../core/model/links/host-link.ts";
import type { Problem } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import type { Link } from "../net/link.ts";

/** How long the kernel may take to give back what a dead container held. */
export const RETURN = { everyMs: 100, forMs: 3000 };

/** One way of getting a link; the node asks, the maker does what its kind needs on the machine's side. */
export interface LinkMaker {
  /** Whether nothing of it can change on the host without an event in this namespace. */
  readonly quiet?: boolean;
  /** What must appear in the host's namespace for the link to be made. */
  readonly awaited: string;
  /** Gets the link into this namespace; false when it cannot be had yet, and `problems` may say why. */
  acquire(): Promise<boolean>;
  /** Sees, while the link is there, that its other end on the host is as it should be. */
  keep(link: Link): Promise<void>;
  /** Calls back when something outside the host's network changed that it waits for, until what it returns is called. */
  watch?(onChange: () => void): () => void;
  /** Gives back or takes away what it holds on the host; the last thing that is asked of it. */
  release(): Promise<void>;
  /** MAC addresses on the link that are the host's or the maker's own; none when left out. */
  readonly ownMacs?: readonly string[];
  /** What is wrong with the host's side, since the last look. */
  readonly problems: readonly Problem[];
}

/** What every maker is told. */
export interface MakerOptions {
  /** The name of the node: a provider or a host. */
  readonly node: string;
  /** Name of the link in this namespace. */
  readonly name: string;
  /** Takes it whatever the host uses it for. */
  readonly force: boolean;
  readonly clock: Clock;
}

/** How the links of one kind are made, and how the host is tidied when a BNG that had made one was killed. */
export interface MakerKind<L> {
  make(options: MakerOptions, link: L): LinkMaker;
  /** Undoes on the host what the killed BNG could not; touches nothing without mhlab's mark. Absent: the kernel clears all. */
  restore?(held: HostLinkWord, link: L): Promise<void>;
}
