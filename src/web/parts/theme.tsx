import { signal } from "@preact/signals";

const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const KEY = "mhlab-theme";

function stored(): Theme {
  const found = localStorage.getItem(KEY);
  return THEMES.find((one) => one === found) ?? "auto";
}

const theme = signal<Theme>(stored());
/** Grows when colours change: what is drawn on a canvas has to be drawn anew. */
export const colours = signal(0);

export function applyTheme(): void {
  document.documentElement.dataset["theme"] = theme.value;
  colours.value += 1;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);

const ICONS: Readonly<Record<Theme, string>> = { auto: "◐", light: "☀", dark: "☾" };

/** Goes round: as the system has it, light, dark. */
export function ThemeButton() {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "auto";
  const change = (): void => {
    theme.value = next;
    localStorage.setItem(KEY, next);
    applyTheme();
  };
  return (
    <button
      class="plain"
      onClick={change}
      title={`Colours: ${theme.value}`}
      aria-label={`Colours: ${theme.value}; change to ${next}`}
    >
      <span aria-hidden="true">{ICONS[theme.value]}</span>
    </button>
  );
}
