import { computed, signal } from "@preact/signals";
import { Countdown } from "../parts/countdown.tsx";
import { Chip, ProviderChip } from "../parts/chip.tsx";
import { matches, middle } from "../data/format.ts";
import { status } from "../data/state.ts";
import { leaseRows, ORDERS, type LeaseRow, type Order } from "./lease-rows.ts";
import { narrow } from "./narrow.ts";
import { VirtualTable } from "./virtual.tsx";

const wanted = signal("");
const order = signal<Order>("provider");
const rows = computed(() =>
  leaseRows(status.value)
    .filter(({ text }) => matches(text, wanted.value))
    .sort(ORDERS[order.value]),
);

const COLUMNS = ["Provider", "Lease", "Client", "MAC", "Next hop", "Route", "Lifetime"];

/** Every lease, with the time that it has left. */
export function Leases() {
  return (
    <section class="card full" aria-labelledby="leases-title">
      <div class="tools">
        <h2 id="leases-title">
          Leases <span class="count">{rows.value.length}</span>
        </h2>
        <input
          type="search"
          placeholder="Prefix, DUID, MAC…"
          aria-label="Find leases"
          value={wanted.value}
          onInput={({ currentTarget }) => (wanted.value = currentTarget.value)}
        />
        <label class="inline">
          by
          <select
            value={order.value}
            onChange={({ currentTarget }) => (order.value = currentTarget.value as Order)}
          >
            {Object.keys(ORDERS).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <VirtualTable
        label="Leases"
        className="leases"
        columns={COLUMNS}
        rows={rows.value}
        rowHeight={narrow.value ? 104 : 44}
        keyOf={({ key }) => key}
        cells={cells}
        empty={wanted.value === "" ? "Nothing is leased." : "No lease has all of these words."}
      />
    </section>
  );
}

function cells(row: LeaseRow) {
  const { provider, kind, what, duid, iaid, mac, via, routed, expiresAt, preferredS, validS } = row;
  const ticks = [
    ["T1", row.renewS],
    ["T2", row.rebindS],
    ["preferred", preferredS],
  ] as const;
  return [
    <ProviderChip name={provider} />,
    <span class="mono" title={kind === "prefix" ? "IA_PD: a delegated prefix" : "IA_NA: an address"}>
      {what}
    </span>,
    <span class="mono" title={`DUID ${duid}, IAID ${iaid}`}>
      {middle(duid, 19)} <span class="muted">#{iaid}</span>
    </span>,
    <span class="mono">{mac ?? "–"}</span>,
    <span class="mono">{via ?? "–"}</span>,
    routed === null ? (
      <span class="muted">–</span>
    ) : (
      <Chip look={routed ? "up" : "down"}>{routed ? "routed" : "no route"}</Chip>
    ),
    <Countdown until={expiresAt} ofS={validS} ticks={ticks} />,
  ];
}
