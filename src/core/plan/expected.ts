import type { Lab } from "../lab/model.ts";
import type { ExpectedMembers } from "../members/member.ts";

/** The members that a lab's status has to show, there or not. */
export function expectedOf(lab: Lab): ExpectedMembers {
  return {
    providers: lab.providers.map(({ name }) => name),
    cpes: lab.cpes.map(({ name, hosts }) => ({ name, hosts })),
    hosts: lab.hosts.map(({ name, lan }) => ({ name, lan })),
  };
}
