/** Which packets of a run are kept, and in which file each capture goes. */
import type { Role } from "../../model/role.ts";
import type { CapturePlan } from "./record.ts";

/** A capture with the file that it is written to. */
export interface KeptCapture extends CapturePlan {
  readonly file: string;
}

const OWN_LINK: Partial<Record<Role, string | null>> = { bng: null, cpe: "lan" };

/** The captures of a scenario; when it names none, each link of the lab: both sides of providers, and the LANs of CPEs. */
export function capturesOf(
  asked: readonly CapturePlan[],
  nodes: readonly { readonly name: string; readonly role: Role }[],
): KeptCapture[] {
  const all =
    asked.length > 0
      ? asked
      : nodes.flatMap(({ name, role }): CapturePlan[] => {
          const word = OWN_LINK[role];
          return word === undefined ? [] : [{ node: name, interface: word, filter: null }];
        });
  const taken = new Map<string, number>();
  return all.map((plan) => {
    const name = [plan.node, plan.interface ?? []].flat().join("-");
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    return { ...plan, file: `${name}${count === 1 ? "" : `-${count}`}.pcapng` };
  });
}
