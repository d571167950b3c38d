/** VitePress's configuration: the sources are the copy that scripts/site.mjs makes, its navigation is the map in docs/README.md. */
import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";

const { navigation } = JSON.parse(readFileSync(new URL("../pages/site.json", import.meta.url), "utf8"));

/** Anchors as forges make them, so that one link works in both places. */
const slugify = (text) =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

export default defineConfig({
  title: "mhlab",
  description: "Several emulated IPv6 internet providers on one machine",
  lang: "en",
  head: [["link", { rel: "icon", href: "data:," }]],
  base: process.env.MHLAB_SITE_BASE ?? "/",
  srcDir: "pages",
  outDir: "dist",
  lastUpdated: false,
  // The pages are Markdown for a forge: no HTML, no components.
  markdown: { html: false, anchor: { slugify } },
  themeConfig: {
    nav: navigation.map(({ text, items }) => ({ text, link: items[0].link })),
    sidebar: navigation.map(({ text, items }) => ({ text, items })),
    outline: { level: [2, 3] },
    search: { provider: "local" },
    docFooter: { prev: false, next: false },
  },
});
