import { formatSpan } from "../data/format.ts";
import { ProviderChip, Stale } from "../parts/chip.tsx";
import { leftOf } from "../parts/countdown.tsx";
import { goneSince, status } from "../data/state.ts";
import { prefixMaps, type MapPart, type PrefixMap } from "./prefix-map.ts";

const TITLES: Readonly<Record<MapPart["what"], string>> = {
  transfer: "transfer network",
  pool: "pool",
  delegated: "delegated",
  excluded: "excluded",
  old: "old",
};

/** What of each provider's space is what. */
export function Prefixes() {
  const { providers } = status.value;
  return (
    <div class="cards wide">
      {providers.map((provider) => (
        <section
          key={provider.name}
          class={`card ${goneSince(provider.name) === undefined ? "" : "stale"}`}
          aria-label={`Prefixes of ${provider.name}`}
        >
          <h2>
            <ProviderChip name={provider.name} /> <Stale sinceS={goneSince(provider.name)} />
            <span class="muted">
              {provider.delegations.length} of {provider.capacity.delegations} delegated
            </span>
          </h2>
          {prefixMaps(provider).map((map) => (
            <Strip key={map.whole} {...map} />
          ))}
          <ul class="legend">
            {(Object.keys(TITLES) as MapPart["what"][]).map((what) => (
              <li key={what}>
                <span class={`swatch part ${what}`} aria-hidden="true" />
                {TITLES[what]}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** A space from left to right; what is too small to be seen is a line. */
function Strip({ whole, parts, former }: PrefixMap) {
  const told = parts.slice(0, 20).map(({ what, prefix }) => `${TITLES[what]} ${prefix}`);
  const more = parts.length > told.length ? `, and ${parts.length - told.length} more` : "";
  return (
    <figure class="strip">
      <figcaption>
        <span class="mono">{whole}</span>
        {former === undefined ? null : (
          <span class="muted">
            {" "}
            {former.state}
            {former.endsAt === null ? "" : `, ${formatSpan(leftOf(former.endsAt))} left`}
          </span>
        )}
      </figcaption>
      <svg
        viewBox="0 0 1000 44"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${whole}: ${told.join(", ")}${more}`}
      >
        <rect class="part whole" width="1000" height="44" />
        {parts.map(({ what, prefix, at, share }) => (
          <rect
            key={`${what} ${prefix}`}
            class={`part ${what}`}
            x={1000 * at}
            width={Math.max(1.5, 1000 * share)}
            height="44"
          >
            <title>{`${TITLES[what]} ${prefix}`}</title>
          </rect>
        ))}
      </svg>
    </figure>
  );
}
