import { MEMBERS } from "../core/members/registry.ts";
import { ROLES, type Role } from "../core/members/role.ts";

const [START, END] = ["<!-- members -->", "<!-- end of members -->"];

/** docs/members.md with its table as the roles' records say; the text around it stays. */
export function withMembersTable(page: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new RangeError(`the page has no ${START} … ${END}`);
  return `${page.slice(0, start + START.length)}\n${table()}\n${page.slice(end)}`;
}

function table(): string {
  const heading = [
    "| member | role | how many | image | capabilities | devices | what it does |",
    "| --- ".repeat(7) + "|",
  ];
  return [...heading, ...ROLES.map(row)].join("\n");
}

function row(role: Role): string {
  const { title, number, image, capabilities, devices, text } = MEMBERS[role];
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
