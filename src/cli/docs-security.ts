import { PROGRAMS } from "../core/render/confinement/programs.ts";
import { NODES } from "../core/render/nodes/registry.ts";
import { ROLES } from "../core/model/role.ts";
import { table, withTables } from "./docs-tables.ts";

/** docs/security.md with its tables made anew, between `<!-- security: programs -->` and `<!-- end -->`. */
export function withSecurityTables(page: string): string {
  return withTables(page, "security", (name) => (name === "programs" ? programTable() : limitTable()));
}

function programTable(): string {
  const rows = Object.entries(PROGRAMS).map(([name, { user, capabilities, writes }]) => [
    name,
    `\`${user}\``,
    capabilities.map((capability) => capability.toUpperCase()).join(", "),
    writes.map((path) => `\`${path}\``).join(", "),
  ]);
  return table(["program", "user", "capabilities", "may write"], rows);
}

function limitTable(): string {
  const rows = ROLES.map((role) => {
    const { title, limits } = NODES[role];
    return [title, String(limits.pids), `${limits.memoryMb} MB`];
  });
  return table(["node", "processes and threads", "memory"], rows);
}
