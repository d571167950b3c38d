import { escapeMarkup } from "../../core/model/markup.ts";

/** HTML that was made by `markup`, and so has no text in it that was not escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | null | false | readonly Part[];

/** HTML from a template, whose spaces no formatter may move (some know the name `html`): texts and numbers are escaped, also within quoted attributes; null and false are nothing. */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(template.map((text, index) => `${text}${written(parts[index] ?? null)}`).join(""));
}

/** What can turn the direction of a text that others wrote, and so show another one than is there. */
const TURNS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

function written(part: Part): string {
  if (part === null || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(written).join("");
  return escapeMarkup(String(part).replaceAll(TURNS, "\uFFFD"));
}

/** A table that scrolls sideways by itself where it is too wide, and can be reached by keyboard then. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Part[])[]): Markup {
  if (rows.length === 0) return markup`<p class="none">${caption}: none.</p>`;
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${head.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    ([first, ...rest]) =>
      markup`<tr><th scope="row">${first ?? null}</th>${rest.map(dataCell)}</tr>
`,
  )}</tbody></table></div>
`;
}

/** Only words are broken into lines, and what is longer than any address. */
function dataCell(cell: Part): Markup {
  const text = typeof cell === "string" ? cell : "";
  if (text.length > 40) return markup`<td class="long">${cell}</td>`;
  return text.length > 24 && text.includes(" ")
    ? markup`<td class="words">${cell}</td>`
    : markup`<td>${cell}</td>`;
}
