import { signal } from "@preact/signals";

const NARROW = matchMedia("(max-width: 900px)");
/** Whether a table has no room for its columns, and its rows become cards. */
export const narrow = signal(NARROW.matches);
NARROW.addEventListener("change", () => {
  narrow.value = NARROW.matches;
});
