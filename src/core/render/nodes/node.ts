/** What one role is to the rest of mhlab; each role has one record of this shape. */
import type { Limits } from "../confinement/limits.ts";
import type { HostStatus, LabStatus, Problem, Silence, StatusOf } from "../../model/status/model.ts";
import type { ImageRole, Role } from "../../model/role.ts";

/** How far a node is on its way to being usable. */
export type Verdict =
  | { readonly kind: "ready" }
  | { readonly kind: "waiting"; readonly detail: string }
  /** As far as it comes without the outside world; the warning says what is missing. */
  | { readonly kind: "settled"; readonly warning: Problem };

export interface Patience {
  /** The providers whose far side is someone else's. */
  readonly realFarSides: ReadonlySet<string>;
  /** Whether its link, or what is at the other end of it, comes from outside the lab. */
  readonly realSubscriber: boolean;
  /** `--wait`: nothing less than ready will do. */
  readonly strict: boolean;
  /** How long the agent answers already. */
  readonly answeredForMs: number;
}

/** How long a real far side is given before its silence is reported. */
export const FAR_SIDE_PATIENCE_MS = 5000;

/** How long an interface from outside the lab is given. */
export const SUBSCRIBER_PATIENCE_MS = 2000;

/** Nodes that a lab file names, to notice those that are missing. */
export interface ExpectedNodes {
  readonly providers: readonly string[];
  readonly cpes: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly hosts?: readonly { readonly name: string; readonly lan: string }[];
  /** Routers of the user's own, which are no nodes, by the nodes at both sides. */
  readonly devices?: readonly {
    readonly name: string;
    readonly providers: readonly string[];
    readonly hosts: readonly string[];
  }[];
  /** The engine of each node; left out where the lab names none. */
  readonly engineOf?: Readonly<Record<string, string>>;
}

/** One node's status, with the labels of its container. */
export interface Said<S> {
  readonly status: S;
  readonly labels: Readonly<Record<string, string>>;
}

/** What all nodes of a lab said, by role; who did not answer is there with its silent status. */
export interface LabTold {
  readonly said: { readonly [R in Role]: readonly Said<StatusOf[R]>[] };
  readonly expected: ExpectedNodes | undefined;
  /** Why a node is not among those who could be asked. */
  readonly whyAbsent: (name: string) => Silence;
}

/** A node as a lab's status shows it. */
export interface NodeInLab {
  readonly name: string;
  /** Whether it does all that it should; one with a problem never does. */
  readonly healthy: boolean;
  /** In its own words, and as far as its numbers tell. */
  readonly problems: readonly Problem[];
}

/** How a lab's status shows the nodes of a role. */
export interface InStatus {
  /** Their part of a lab's status; nodes that others know of, but that are not there, are in it as missing. */
  report(told: LabTold): Partial<LabStatus>;
  /** Finds them in a lab's status again, in its order. */
  nodes(lab: Omit<LabStatus, "healthy">): readonly NodeInLab[];
}

/** A role. `S` is what its agent answers to `status`. */
export interface NodeRole<S> {
  /** What people call such a node. */
  readonly title: string;
  /** What it does, as a sentence without its subject. */
  readonly text: string;
  /** Which labs have how many of them, in words. */
  readonly number: string;
  /** The image that it runs. */
  readonly image: ImageRole;
  /** The words that tell the image's agent its role; none where the image has only one. */
  readonly command: readonly string[];
  readonly capabilities: readonly string[];
  /** Devices of the machine that it opens. */
  readonly devices: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  /** A folder for programs of the user's, the only writable one from which any can be executed. */
  readonly programs?: string;
  readonly limits: Limits;
  /** Whether `up --provider` chooses among them; the others belong to every choice. */
  readonly chosen: boolean;
  /** Whether it becomes ready only when all providers run. */
  readonly needsAllProviders: boolean;
  /** Whether `down` removes it only when the others are gone. */
  readonly leavesLast: boolean;
  /** Whether it holds files that a plan compares: keys, and settings that were changed in place. */
  readonly holdsFiles: boolean;
  /** Whether it has a volume of its own, which outlives its container when that is made anew. */
  readonly keepsState: boolean;
  /** Whether it shares the folder that no customer writes to. */
  readonly isOperator: boolean;
  /** Whether its /etc/resolv.conf follows what it hears from providers. */
  readonly followsResolvers: boolean;
  /** Whether it looks up names by the resolvers of the engine's host; a provider does not whose tunnel ends at an address. */
  readonly needsHostResolvers: boolean;
  /** Judges a node by what its agent says. */
  judge(status: S, patience: Patience): Verdict;
  /** The status of a node whose agent does not answer. */
  silent(silence: Silence): S;
  /** The interfaces inside that packets can be captured on, by the word for each; nothing where there is none. */
  captureInterfaces(status: S): Readonly<Record<string, string>>;
  /** Left out for a role that is no part of a lab's status. */
  readonly inStatus?: InStatus;
}

/** The silence of a node that is not there at all. */
export function missing(name: string): Silence {
  const problem = { code: "missing", message: "its container is not there; `mhlab up` makes it" };
  return { name, state: "missing", problem };
}

/** The silence of a node whose engine does not answer. */
export function unknown(name: string, engine: string | undefined): Silence {
  const place = engine === undefined ? "the engine that it may run on" : `its engine ${engine}`;
  const problem = { code: "engine-unreachable", message: `${place} does not answer` };
  return { name, state: "unknown", problem };
}

/** Orders by name, by code points; numbers in names by their values, so that `isp-2` comes before `isp-10`. */
export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  const [left, right] = [sortKey(one.name), sortKey(other.name)];
  return left < right ? -1 : Number(left > right);
}

/** Digits with zeros before them, as many as names have at most. */
function sortKey(name: string): string {
  return name.replace(/\d+/g, (digits) => digits.padStart(64, "0"));
}

/** A node whose health is what its agent says. */
export function plainNode({
  name,
  state,
  ready,
  problems,
}: Pick<HostStatus, "name" | "state" | "ready" | "problems">): NodeInLab {
  return { name, healthy: state === "running" && ready && problems.length === 0, problems };
}
