import { explainersOf, isAsked, type AskedOf } from "../../model/status/explain.ts";
import type { NodeStatus, Problem } from "../../model/status/model.ts";
import type { Patience, Verdict } from "./node.ts";
import { nodeRole } from "./registry.ts";

/** Judges a node by what its agent says; what was asked of providers and keeps something from it is not waited for. */
export function judgeNode(
  status: NodeStatus,
  patience: Patience,
  askedOf: () => readonly AskedOf[],
): Verdict {
  const verdict = nodeRole(status.role).judge(status, patience);
  const [first, ...more] = problemsOf(status);
  if (verdict.kind !== "waiting" || first === undefined) return verdict;
  // Reads the status of every node, so only where it can matter.
  const asked = askedOf();
  if (asked.length === 0) return verdict;
  const wans = status.role === "cpe" ? status.wans : [];
  const ids = [first, ...more].map((problem) => explainersOf(problem, asked, wans));
  if (ids.some((found) => found.length === 0)) return verdict;
  const message = `${first.message}; as asked, by ${[...new Set(ids.flat())].join(", ")}`;
  return { kind: "settled", warning: { ...first, message } };
}

/** Each with the provider that it is about; a provider's are about itself. */
function problemsOf(status: NodeStatus): Problem[] {
  if (status.role === "keeper") return [];
  const { problems, name } = status;
  return status.role === "bng" ? problems.map((problem) => ({ ...problem, provider: name })) : problems;
}

/** The providers among the nodes of which something was asked. */
export function askedAmong(statuses: readonly NodeStatus[]): AskedOf[] {
  return statuses.flatMap((status) => (status.role === "bng" && isAsked(status) ? [status] : []));
}
