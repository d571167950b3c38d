import type { Role } from "../../../model/role.ts";
import { bngContainers } from "./bng.ts";
import type { RoleContainers } from "./container.ts";
import { cpeContainers } from "./cpe.ts";
import { hostContainers } from "./host.ts";
import { internetContainers } from "./internet.ts";
import { keeperContainers } from "./keeper.ts";

/** Of every role, which containers a lab wants. Apart from the roles' records, which are read where no lab file is. */
export const CONTAINERS: Readonly<Record<Role, RoleContainers>> = {
  bng: bngContainers,
  internet: internetContainers,
  cpe: cpeContainers,
  host: hostContainers,
  keeper: keeperContainers,
};
