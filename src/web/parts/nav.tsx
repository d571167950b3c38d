import { PAGES, page, status, version, view, type Page } from "../data/state.ts";

const TITLES: Readonly<Record<Page, string>> = {
  overview: "Overview",
  leases: "Leases",
  addresses: "Addresses",
  advertisements: "Router advertisements",
  prefixes: "Prefixes",
  events: "Events",
  experiments: "Experiments",
};

/** What the address says one looks at: it can be bookmarked, and the browser goes back. */
export function followAddress(): void {
  addEventListener("hashchange", follow);
  follow();
}

function follow(): void {
  const name = location.hash.slice(2);
  page.value = PAGES.find((one) => one === name) ?? "overview";
}

export function Nav() {
  const { providers } = status.value;
  const leases = providers.reduce((sum, one) => sum + one.delegations.length + one.addresses.length, 0);
  const counts: Partial<Record<Page, number>> = { leases, events: version.value < 0 ? 0 : view.log.length };
  return (
    <nav aria-label="Pages">
      <ul>
        {PAGES.map((name) => (
          <li key={name}>
            <a href={`#/${name}`} aria-current={page.value === name ? "page" : undefined}>
              {TITLES[name]}
              {counts[name] === undefined ? null : <span class="count">{counts[name]}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
