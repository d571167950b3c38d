import { labProblems } from "../../core/judge/health/derive.ts";
import { formatSpan } from "../data/format.ts";
import {
  actions,
  asked,
  brokenSince,
  connection,
  nowMs,
  status,
  version,
  view,
  type Connection,
} from "../data/state.ts";
import { ThemeButton } from "./theme.tsx";

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: "connecting",
  live: "live",
  broken: "connection lost",
  ended: "dashboard ended",
};

export function Header() {
  void version.value;
  const mark = actions.value.find(({ name }) => name === "mark");
  const ask = (): void => {
    if (mark !== undefined) asked.value = { action: mark, node: null };
  };
  return (
    <header>
      <img src="/icon.svg" alt="" width="28" height="28" />
      <h1>
        <span class="brand">mhlab</span> {view.lab}
      </h1>
      <Health />
      <span class="grow" />
      <Live />
      <button onClick={ask} disabled={mark === undefined} title="A line across all plots, now">
        Mark<span class="wide-only"> now</span>
      </button>
      <ThemeButton />
    </header>
  );
}

function Health() {
  const { healthy, asked: isAsked, providers, cpes } = status.value;
  const problems = labProblems(status.value).length;
  if (providers.length + cpes.length === 0) return <span class="pill none">not running</span>;
  if (healthy) return <span class="pill up">healthy</span>;
  if (isAsked === true) return <span class="pill waiting">degraded (expected)</span>;
  return (
    <span class="pill down">
      {problems === 0 ? "not ready" : `${problems} ${problems === 1 ? "problem" : "problems"}`}
    </span>
  );
}

/** Whether the page is live; when it is not, since when. */
function Live() {
  void version.value;
  const since = brokenSince.value;
  const age = since === null ? "" : ` for ${formatSpan((nowMs() - since) / 1000)}`;
  return (
    <span class={`live ${connection.value}`} role="status">
      <span class="dot" aria-hidden="true" />
      {WORDS[connection.value]}
      {age}
    </span>
  );
}
