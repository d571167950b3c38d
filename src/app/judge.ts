import type { Patience, Verdict } from "../core/render/nodes/node.ts";
import { judgeNode } from "../core/render/nodes/judge.ts";
import type { Role } from "../core/model/role.ts";
import type { AskedOf } from "../core/model/status/explain.ts";
import { statusOfKind, type NodeStatus } from "../core/model/status/model.ts";

/** What waiting ends with. */
export type Settled = Exclude<Verdict, { kind: "waiting" }>;

/** Who is judged, and with what patience. */
export interface JudgedNode extends Omit<Patience, "answeredForMs"> {
  readonly role: Role;
  /** What was asked of providers of the lab, as far as they have told of it by now. */
  readonly asked: () => readonly AskedOf[];
}

/** Judges a node by what its agent says, with the patience that it deserves by then. */
export class Judge {
  readonly verdict: Promise<Settled>;
  readonly #node: JudgedNode;
  readonly #tell: (detail: string) => void;
  #settle!: (verdict: Settled) => void;
  #last: NodeStatus | undefined;
  #since = 0;

  /** `tell` gets what the node waits for. */
  constructor(node: JudgedNode, tell: (detail: string) => void) {
    this.#node = node;
    this.#tell = tell;
    this.verdict = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Whether its agent has spoken since it last went. */
  get heard(): boolean {
    return this.#last !== undefined;
  }

  take(status: NodeStatus): void {
    const { role } = this.#node;
    // Events can have made it of another form: nothing can be judged by that.
    if (status.role !== role || statusOfKind(role, status) === undefined) return;
    if (this.#last === undefined) this.#since = performance.now();
    this.#last = status;
    this.look();
  }

  forget(): void {
    this.#last = undefined;
  }

  /** Judges again: patience with a real far side runs out without an event. */
  look(): void {
    if (this.#last === undefined) return;
    const answeredForMs = performance.now() - this.#since;
    const verdict = judgeNode(this.#last, { ...this.#node, answeredForMs }, this.#node.asked);
    if (verdict.kind === "waiting") this.#tell(verdict.detail);
    else this.#settle(verdict);
  }
}
