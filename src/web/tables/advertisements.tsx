import type { ProviderStatus } from "../../core/status/model.ts";
import { ProviderChip, Stale } from "../parts/chip.tsx";
import { goneSince, status } from "../state.ts";
import { advertisementFields, withBefore, type RaField } from "./advertisement-fields.ts";

/** By provider, what it advertises and what it advertised before that. */
const seen = new Map<
  string,
  { now: string; fields: readonly RaField[]; before: readonly RaField[] | undefined }
>();

function remember({ name }: ProviderStatus, fields: readonly RaField[]): readonly RaField[] | undefined {
  const now = JSON.stringify(fields);
  const known = seen.get(name);
  if (known?.now !== now) seen.set(name, { now, fields, before: known?.fields });
  return seen.get(name)?.before;
}

/** Router advertisements, decoded, with what differs from the one before. */
export function Advertisements() {
  const { providers } = status.value;
  return (
    <div class="cards">
      {providers.map((provider) => (
        <Advertisement key={provider.name} provider={provider} />
      ))}
    </div>
  );
}

function Advertisement({ provider }: { provider: ProviderStatus }) {
  const { name } = provider;
  const fields = advertisementFields(provider);
  const gone = goneSince(name);
  return (
    <section
      class={`card ${gone === undefined ? "" : "stale"}`}
      aria-label={`Router advertisement of ${name}`}
    >
      <h2>
        <ProviderChip name={name} /> <Stale sinceS={gone} />
      </h2>
      <dl class="facts">
        {withBefore(fields, remember(provider, fields)).map(({ name: field, value, before }) => (
          <div key={field} class={before === undefined ? "" : "changed"}>
            <dt>{field}</dt>
            <dd>
              {value}
              {before === undefined ? null : (
                <span class="before">
                  {" "}
                  before: <del>{before}</del>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
