import type { ProviderStatus } from "../../core/model/status/model.ts";
import { parseUtc } from "../../core/model/utc.ts";
import { formatSpan } from "../data/format.ts";
import { ProviderChip, Stale } from "../parts/chip.tsx";
import { goneSince, nowS, status } from "../data/state.ts";
import { comparedFields, type ShownField } from "./advertisement-fields.ts";

/** Router advertisements as they were sent last, decoded, with what differs from the one before. */
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

function Advertisement({ provider: { name, linkLocal, advertisement } }: { provider: ProviderStatus }) {
  const gone = goneSince(name);
  const sentS = advertisement.sentAt === null ? undefined : parseUtc(advertisement.sentAt);
  const fields = comparedFields(advertisement);
  return (
    <section
      class={`card ${gone === undefined ? "" : "stale"}`}
      aria-label={`Router advertisement of ${name}`}
    >
      <h2>
        <ProviderChip name={name} />
        <span class="muted">
          from {linkLocal},{" "}
          {sentS === undefined ? "not sent yet" : `sent ${formatSpan(Math.max(0, nowS.value - sentS))} ago`}
        </span>
        <Stale sinceS={gone} />
      </h2>
      {fields.length === 0 ? <p class="empty">None was sent yet.</p> : null}
      <dl class="facts">
        {fields.map((field, index) => (
          <Field key={`${field.name} ${index}`} {...field} />
        ))}
      </dl>
    </section>
  );
}

function Field({ name, value, before, gone }: ShownField) {
  return (
    <div class={before === undefined && gone === undefined ? "" : "changed"}>
      <dt>{name}</dt>
      <dd>
        {gone === true ? <del>{value}</del> : value}
        {before === undefined ? null : (
          <span class="before">
            {before === null ? " not there before" : " before: "}
            {before === null ? null : <del>{before}</del>}
          </span>
        )}
      </dd>
    </div>
  );
}
