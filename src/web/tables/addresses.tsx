import type { HostAddress, LabStatus, WanStatus } from "../../core/model/status/model.ts";
import { Chip, ProviderChip, Stale } from "../parts/chip.tsx";
import { Countdown, leftOf } from "../parts/countdown.tsx";
import { goneSince, status } from "../data/state.ts";

interface Owner {
  readonly name: string;
  readonly where: string;
  readonly addresses: readonly HostAddress[];
}

function owners({ cpes, hosts }: LabStatus): Owner[] {
  return [
    ...cpes.flatMap((cpe) =>
      cpe.hosts.map(({ name, addresses }) => ({ name, where: `behind ${cpe.name}`, addresses })),
    ),
    ...hosts.map(({ name, lan, addresses }) => ({ name, where: `on ${lan}`, addresses })),
  ];
}

const LOOKS = { preferred: "up", deprecated: "waiting", tentative: "none" } as const;

/** The WAN addresses of CPEs, and the addresses of hosts with what may be done with each, and how long. */
export function Addresses() {
  const all = owners(status.value);
  return (
    <div class="cards wide">
      {status.value.cpes.map(({ name, wans }) => (
        <section key={name} class={`card ${goneSince(name) === undefined ? "" : "stale"}`} aria-label={name}>
          <h2>
            {name} <span class="muted">WAN addresses</span> <Stale sinceS={goneSince(name)} />
          </h2>
          <WanTable wans={wans} name={name} />
        </section>
      ))}
      {all.length === 0 ? <p class="empty card">The lab has no hosts of its own.</p> : null}
      {all.map(({ name, where, addresses }) => (
        <section key={name} class={`card ${goneSince(name) === undefined ? "" : "stale"}`} aria-label={name}>
          <h2>
            {name} <span class="muted">{where}</span> <Stale sinceS={goneSince(name)} />
          </h2>
          {addresses.length === 0 ? (
            <p class="empty">It has no address.</p>
          ) : (
            <AddressTable addresses={addresses} name={name} />
          )}
        </section>
      ))}
    </div>
  );
}

function WanTable({ wans, name }: { wans: readonly WanStatus[]; name: string }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={`WAN addresses of ${name}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">WAN</th>
            <th scope="col">Provider</th>
            <th scope="col">Addresses</th>
          </tr>
        </thead>
        <tbody>
          {wans.map(({ provider, interface: wan, addresses }) => (
            <tr key={provider}>
              <th scope="row">{wan}</th>
              <td>
                <ProviderChip name={provider} />
              </td>
              <td class="mono">{addresses.length === 0 ? "none" : [...addresses].sort().join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AddressTable({ addresses, name }: { addresses: readonly HostAddress[]; name: string }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={`Addresses of ${name}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Provider</th>
            <th scope="col">State</th>
            <th scope="col">Router</th>
            <th scope="col">Preferred</th>
            <th scope="col">Valid</th>
          </tr>
        </thead>
        <tbody>
          {addresses.map(({ address, provider, state, router, preferredUntil, validUntil }) => (
            <tr key={address}>
              <th scope="row" class="mono">
                {address}
              </th>
              <td>
                <ProviderChip name={provider} />
              </td>
              <td>
                <Chip look={LOOKS[state]}>{state}</Chip>
              </td>
              <td class="mono">{router ?? "none: refused"}</td>
              <td>
                <Countdown until={preferredUntil} ofS={leftOf(validUntil)} />
              </td>
              <td>
                <Countdown until={validUntil} ofS={leftOf(validUntil)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
