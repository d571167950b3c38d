import { NODES } from "../core/render/nodes/registry.ts";
import { ROLES, type Role } from "../core/model/role.ts";

const [START, END] = ["<!-- nodes -->", "<!-- end of nodes -->"];

/** docs/nodes.md with its table as the roles' records say; the text around it stays. */
export function withNodesTable(page: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new RangeError(`the page has no ${START} … ${END}`);
  return `${page.slice(0, start + START.length)}\n${table()}\n${page.slice(end)}`;
}

function table(): string {
  const heading = [
    "| node | role | how many | image | capabilities | devices | what it does |",
    "| --- ".repeat(7) + "|",
  ];
  return [...heading, ...ROLES.map(row)].join("\n");
}

function row(role: Role): string {
  const { title, number, image, capabilities, devices, text } = NODES[role];
  const cells = [
    title,
    `\`${role}\``,
    number,
    `images/${image}`,
    capabilities.join(", "),
    devices.join(", "),
    text,
  ];
  return `| ${cells.join(" | ")} |`;
}
