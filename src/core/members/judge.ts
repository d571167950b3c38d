import { explainersOf, isAsked, type AskedOf } from "../status/explain.ts";
import type { MemberStatus, Problem } from "../status/model.ts";
import type { Patience, Verdict } from "./member.ts";
import { memberRole } from "./registry.ts";

/** Judges a member by what its agent says; what was asked of providers and keeps something from it is not waited for. */
export function judgeMember(
  status: MemberStatus,
  patience: Patience,
  askedOf: () => readonly AskedOf[],
): Verdict {
  const verdict = memberRole(status.role).judge(status, patience);
  const [first, ...more] = problemsOf(status);
  if (verdict.kind !== "waiting" || first === undefined) return verdict;
  // Reads the status of every member, so only where it can matter.
  const asked = askedOf();
  if (asked.length === 0) return verdict;
  const wans = status.role === "cpe" ? status.wans : [];
  const ids = [first, ...more].map((problem) => explainersOf(problem, asked, wans));
  if (ids.some((found) => found.length === 0)) return verdict;
  const message = `${first.message}; as asked, by ${[...new Set(ids.flat())].join(", ")}`;
  return { kind: "settled", warning: { ...first, message } };
}

/** Each with the provider that it is about; a provider's are about itself. */
function problemsOf(status: MemberStatus): Problem[] {
  if (status.role === "keeper") return [];
  const { problems, name } = status;
  return status.role === "bng" ? problems.map((problem) => ({ ...problem, provider: name })) : problems;
}

/** The providers among the members of which something was asked. */
export function askedAmong(statuses: readonly MemberStatus[]): AskedOf[] {
  return statuses.flatMap((status) => (status.role === "bng" && isAsked(status) ? [status] : []));
}
