import { Experiments } from "./experiments/experiments.tsx";
import { Overview } from "./overview.tsx";
import { Advertisements } from "./tables/advertisements.tsx";
import { Addresses } from "./tables/addresses.tsx";
import { Events } from "./tables/events.tsx";
import { Leases } from "./tables/leases.tsx";
import { Prefixes } from "./tables/prefixes.tsx";
import { Confirm } from "./parts/confirm.tsx";
import { Drawer } from "./lab/drawer.tsx";
import { Header } from "./parts/header.tsx";
import { Nav } from "./parts/nav.tsx";
import { Notices } from "./parts/notices.tsx";
import { connection, page, type Page } from "./data/state.ts";
import type { ComponentType } from "preact";

const CONTENTS: Readonly<Record<Page, ComponentType>> = {
  overview: Overview,
  leases: Leases,
  addresses: Addresses,
  advertisements: Advertisements,
  prefixes: Prefixes,
  events: Events,
  experiments: Experiments,
};

/** Everything. What is not live is grey. */
export function App() {
  const Content = CONTENTS[page.value];
  const stale = connection.value === "broken" || connection.value === "ended";
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <Nav />
      <Notices />
      <main id="main" class={stale ? "stale" : ""} tabIndex={-1}>
        <Content />
      </main>
      <Drawer />
      <Confirm />
    </>
  );
}
