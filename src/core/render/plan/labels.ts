import { isRole } from "../../model/role.ts";
import { isName, Label } from "../../model/names.ts";
import type { FoundContainer, LabContainer } from "../nodes/observed.ts";

/** The containers that mhlab marked, of one lab or of all. A mark with a name that mhlab never gives is none. */
export function labContainersOf(found: readonly FoundContainer[], lab?: string): LabContainer[] {
  return found.flatMap((container) => {
    const { [Label.lab]: labName = "", [Label.name]: name = "", [Label.role]: role } = container.labels;
    if (!isName(labName) || !isName(name) || !isRole(role)) return [];
    return lab === undefined || lab === labName ? [{ ...container, lab: labName, name, role }] : [];
  });
}

/** The names of the labs that have a container, sorted. */
export function labNames(found: readonly FoundContainer[]): string[] {
  return [...new Set(labContainersOf(found).map(({ lab }) => lab))].sort();
}
