import { connection, version, view } from "../data/state.ts";

/** What keeps the whole page from being true. */
export function Notices() {
  void version.value;
  const ended = connection.value === "ended";
  if (!ended && view.trouble === null) return null;
  const text = ended
    ? `The dashboard has ended, or does not know this browser: what you see is old. Start it again: ${view.self} dashboard ${view.lab}`
    : `The engine does not answer: ${view.trouble ?? ""}`;
  return (
    <p class="notice" role="alert">
      {text}
    </p>
  );
}
