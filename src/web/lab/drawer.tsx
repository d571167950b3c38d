import { useEffect, useRef, useState } from "preact/hooks";
import { faultWords } from "../../core/model/faults/fault.ts";
import type { DeviceStatus, FaultStatus, LabStatus, NodeStatus } from "../../core/model/status/model.ts";
import { counted } from "../../core/model/words.ts";
import { formatSpan } from "../data/format.ts";
import { actions, asked, goneSince, selected, status } from "../data/state.ts";
import { Chip, Stale } from "../parts/chip.tsx";
import { leftOf } from "../parts/countdown.tsx";
import { deviceFacts, factsOf, type Fact } from "./facts.ts";
import { faultsOf } from "./faults.ts";

type Shown = Exclude<NodeStatus, { role: "keeper" }>;

function nodeNamed({ providers, cpes, hosts, internet }: LabStatus, name: string): Shown | undefined {
  const all: Shown[] = [...providers, ...cpes, ...cpes.flatMap((cpe) => cpe.hosts), ...hosts];
  if (internet !== undefined) all.push(internet);
  return all.find((node) => node.name === name);
}

/** One node: its facts, what can be done to it, its packets and what it printed. */
export function Drawer() {
  const name = selected.value;
  const node = name === null ? undefined : nodeNamed(status.value, name);
  const device = status.value.devices?.find((one) => one.name === name);
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.focus(), [name]);
  if (name === null) return null;
  const close = (): void => {
    selected.value = null;
    // Where one came from.
    document.querySelector<HTMLElement | SVGElement>(`[data-id$="${CSS.escape(`:${name}`)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
  };
  const gone = goneSince(name);
  return (
    <aside class="drawer" ref={place} tabIndex={-1} aria-labelledby="drawer-title" onKeyDown={onKeyDown}>
      <div class="drawer-head">
        <h2 id="drawer-title">{name}</h2>
        {device !== undefined ? (
          <Chip look={device.ready ? "up" : "waiting"}>{device.ready ? "ready" : "not ready"}</Chip>
        ) : node === undefined ? (
          <Chip look="none">not there</Chip>
        ) : (
          <State {...node} />
        )}
        <Stale sinceS={gone} />
        <span class="grow" />
        <button class="plain" onClick={close} aria-label="Close">
          ✕
        </button>
      </div>
      {device === undefined ? (
        <>
          {node === undefined ? null : <Facts node={node} stale={gone !== undefined} />}
          <Deeds name={name} role={node?.role} />
          <Capture name={name} role={node?.role} />
          <PrintedLog key={name} name={name} />
        </>
      ) : (
        <Device device={device} />
      )}
    </aside>
  );
}

function State({ state, ready }: Shown) {
  const look =
    state === "running" && ready ? "up" : state === "stopped" || state === "missing" ? "down" : "waiting";
  return (
    <Chip look={look}>
      {state === "running" && !ready ? "not ready" : state === "running" ? "ready" : state}
    </Chip>
  );
}

function Problems({ problems }: Pick<Shown, "problems">) {
  return problems.length === 0 ? null : (
    <ul class="problems">
      {problems.map(({ code, message, explainedBy = [] }) => (
        <li key={`${code} ${message}`} class={explainedBy.length > 0 ? "explained" : ""}>
          {message}
          {explainedBy.length === 0 ? "" : ` (expected: ${explainedBy.join(", ")})`}
        </li>
      ))}
    </ul>
  );
}

function FactList({ facts, stale }: { facts: readonly Fact[]; stale: boolean }) {
  return (
    <dl class={`facts ${stale ? "stale" : ""}`}>
      {facts.map(([term, text], index) => (
        <div key={`${term} ${index}`}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A router of the user's own: nothing can be asked of it, and nothing done to it. */
function Device({ device }: { device: DeviceStatus }) {
  return (
    <>
      <Problems problems={device.problems} />
      <FactList facts={deviceFacts(device)} stale={false} />
    </>
  );
}

function Facts({ node, stale }: { node: Shown; stale: boolean }) {
  const faults = faultsOf(status.value, node.name);
  return (
    <>
      <Problems problems={node.problems} />
      {faults.length === 0 ? null : (
        <ul class="fault-list" aria-label="Faults">
          {faults.map((fault) => (
            <Fault key={fault.id} fault={fault} node={node.name} />
          ))}
        </ul>
      )}
      <FactList facts={factsOf(node)} stale={stale} />
    </>
  );
}

function Fault({ fault, node }: { fault: FaultStatus; node: string }) {
  const clear = actions.value.find((action) => action.name === "clear");
  const { endsAt, hits, id } = fault;
  const ask = (): void => {
    if (clear !== undefined) asked.value = { action: clear, node, given: { fault: id } };
  };
  return (
    <li>
      <span class="grow">
        {faultWords(fault)}, {endsAt === null ? "until it is cleared" : `${formatSpan(leftOf(endsAt))} left`};
        met {counted(hits.up, "packet")} up, {hits.down} down
      </span>
      <button onClick={ask}>Clear</button>
    </li>
  );
}

function Deeds({ name, role }: { name: string; role: string | undefined }) {
  // A fault has its own button.
  const possible = actions.value.filter(
    (action) => action.name !== "clear" && action.roles.includes(role ?? "bng"),
  );
  return (
    <div class="buttons start">
      {possible.map((action) => (
        <button key={action.name} onClick={() => (asked.value = { action, node: name })}>
          {action.title}
        </button>
      ))}
    </div>
  );
}

const SECONDS = [10, 60, 300] as const;

function Capture({ name, role }: { name: string; role: string | undefined }) {
  const [seconds, setSeconds] = useState<number>(SECONDS[0]);
  if (role === undefined) return null;
  return (
    <div class="buttons start">
      <a class="button" href={`/api/nodes/${encodeURIComponent(name)}/capture?seconds=${seconds}`} download>
        Capture packets
      </a>
      <label class="inline">
        for
        <select value={seconds} onChange={({ currentTarget }) => setSeconds(Number(currentTarget.value))}>
          {SECONDS.map((one) => (
            <option key={one} value={one}>
              {one} s
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** What it printed, when it is asked for. */
function PrintedLog({ name }: { name: string }) {
  const [text, setText] = useState<string | undefined>();
  const load = async (): Promise<void> => {
    const response = await fetch(`/api/nodes/${encodeURIComponent(name)}/log`).catch(() => undefined);
    setText(response?.ok === true ? await response.text() : "cannot be read now");
  };
  return (
    <details class="printed" onToggle={({ currentTarget }) => void (currentTarget.open && load())}>
      <summary>What it printed</summary>
      <pre tabIndex={0}>{text ?? "…"}</pre>
    </details>
  );
}
