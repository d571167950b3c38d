import { computed, signal } from "@preact/signals";
import type { LogEntry } from "../../core/judge/live/message.ts";
import { formatClock, matches } from "../data/format.ts";
import { selected, version, view } from "../data/state.ts";
import { narrow } from "./narrow.ts";
import { VirtualTable } from "./virtual.tsx";

const wanted = signal("");
const node = signal("");
const kind = signal("");

interface Numbered extends LogEntry {
  readonly key: string;
}

/** The newest first. */
const entries = computed<readonly Numbered[]>(() => {
  void version.value;
  return view.log
    .map((entry, index) => ({ ...entry, key: `${entry.at} ${entry.node} ${index}` }))
    .filter(
      (entry) =>
        (node.value === "" || entry.node === node.value) &&
        (kind.value === "" || entry.event === kind.value) &&
        matches(`${entry.node} ${entry.event} ${entry.text}`, wanted.value),
    )
    .toReversed();
});

function known(of: (entry: LogEntry) => string): string[] {
  return [...new Set(view.log.map(of))].filter((word) => word !== "").sort();
}

/** Everything that happened since somebody looked. */
export function Events() {
  return (
    <section class="card full" aria-labelledby="events-title">
      <div class="tools">
        <h2 id="events-title">
          Events <span class="count">{entries.value.length}</span>
        </h2>
        <input
          type="search"
          placeholder="Words…"
          aria-label="Find events"
          value={wanted.value}
          onInput={({ currentTarget }) => (wanted.value = currentTarget.value)}
        />
        <Choice label="Node" every="all nodes" words={known((entry) => entry.node)} chosen={node} />
        <Choice label="Kind" every="all kinds" words={known((entry) => entry.event)} chosen={kind} />
      </div>
      <VirtualTable
        label="Events"
        className="events"
        columns={["Time", "Node", "Kind", "What"]}
        rows={entries.value}
        rowHeight={narrow.value ? 62 : 34}
        keyOf={({ key }) => key}
        cells={({ at, node: whose, event, level, text }) => [
          <time class="mono" dateTime={at} title={at}>
            {formatClock(at)}
          </time>,
          <Whose name={whose} />,
          <span class="muted">{event}</span>,
          <span class={`said ${level}`} title={text}>
            {text}
          </span>,
        ]}
        empty="Nothing has happened yet."
      />
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly every: string;
  readonly words: readonly string[];
  readonly chosen: { value: string };
}

function Choice({ label, every, words, chosen }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={chosen.value}
      onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}
    >
      <option value="">{every}</option>
      {words.map((word) => (
        <option key={word} value={word}>
          {word}
        </option>
      ))}
    </select>
  );
}

function Whose({ name }: { name: string }) {
  if (name === "") return <span class="muted">lab</span>;
  return (
    <button class="plain pick" onClick={() => (selected.value = name)}>
      {name}
    </button>
  );
}

/** The last few, for the overview. */
export function LogList({ most }: { most: number }) {
  void version.value;
  const last = view.log.slice(-most).toReversed();
  if (last.length === 0) return <p class="empty">Nothing has happened yet.</p>;
  return (
    <ol class="log" reversed>
      {last.map(({ at, node: whose, level, text }, index) => (
        <li key={`${at} ${whose} ${view.log.length - index}`} class={level}>
          <time class="mono" dateTime={at}>
            {formatClock(at)}
          </time>
          <Whose name={whose} />
          <span class={`said ${level}`}>{text}</span>
        </li>
      ))}
    </ol>
  );
}
