import { labProblems } from "../../core/judge/health/derive.ts";
import { selected, status } from "../data/state.ts";

/** What is not fine, each with its node; nothing when all is. */
export function Problems() {
  const problems = labProblems(status.value);
  if (problems.length === 0) return null;
  return (
    <section aria-labelledby="problems-title">
      <h2 id="problems-title">Problems</h2>
      <ul class="problems">
        {problems.map(({ node, code, message, explainedBy = [] }) => (
          <li key={`${node} ${code} ${message}`} class={explainedBy.length > 0 ? "explained" : ""}>
            <button class="plain pick" onClick={() => (selected.value = node)}>
              {node}
            </button>
            <span>
              {message}
              {explainedBy.length === 0 ? null : (
                <span class="muted"> (expected: {explainedBy.join(", ")})</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
