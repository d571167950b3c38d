import { colourOf, formatSpan } from "../data/format.ts";
import { status, nowS } from "../data/state.ts";
import type { ComponentChildren } from "preact";

/** A provider's name with its colour. */
export function ProviderChip({ name }: { name: string | null }) {
  const names = status.value.providers.map((provider) => provider.name);
  return (
    <span class="provider">
      <span class="swatch" style={{ background: colourOf(name, names) }} aria-hidden="true" />
      {name ?? "none of the lab's"}
    </span>
  );
}

/** A word with a look: up, waiting, down, none. */
export function Chip({ look, children }: { look: string; children: ComponentChildren }) {
  return <span class={`chip ${look}`}>{children}</span>;
}

/** What is not heard any more, with its age. */
export function Stale({ sinceS }: { sinceS: number | undefined }) {
  if (sinceS === undefined) return null;
  return <span class="chip none">silent for {formatSpan(nowS.value - sinceS)}</span>;
}
