import { labProblems } from "../../core/status/derive.ts";
import { selected, status } from "../state.ts";

/** What is not fine, each with its member; nothing when all is. */
export function Problems() {
  const problems = labProblems(status.value);
  if (problems.length === 0) return null;
  return (
    <section aria-labelledby="problems-title">
      <h2 id="problems-title">Problems</h2>
      <ul class="problems">
        {problems.map(({ member, code, message, explainedBy = [] }) => (
          <li key={`${member} ${code} ${message}`} class={explainedBy.length > 0 ? "explained" : ""}>
            <button class="plain member" onClick={() => (selected.value = member)}>
              {member}
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
