import type { z } from "zod";
import { MAX_LAN_NAME, MAX_PROVIDER_NAME } from "../names.ts";
import { onOff, whole, type Codec } from "./codec.ts";
import { name, NAME_PATTERN } from "../values/scalars.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { scalar, type Describe } from "../yaml/scalar.ts";

/** A value of the file by the codec that settings share. */
export function coded<T>({ lab }: Codec<T>, json: Describe): z.ZodType<T, string> {
  if (!("one" in lab)) throw new TypeError("one value was expected");
  return scalar(lab.one.read, { ...json, ...lab.one.schema });
}

/** A whole number, written without a unit. */
export const number = (min: number, max: number, json: Describe): z.ZodType<number, string> =>
  coded(whole(min, max), json);
/** `true` or `false`. */
export const yesNo = (json: Describe): z.ZodType<boolean, string> => coded(onOff, json);
/** The name of an interface of the host. */
export const interfaceOf = (description: string, example = "enp2s0"): z.ZodType<string, string> =>
  scalar(interfaceName, { description, examples: [example], maxLength: 15 });
/** A name that becomes part of an interface name. */
export const shortName = (description: string, example: string, why: string): z.ZodType<string, string> =>
  scalar(name(MAX_PROVIDER_NAME, why), {
    description,
    examples: [example],
    pattern: NAME_PATTERN,
    maxLength: MAX_PROVIDER_NAME,
  });
/** The name of a CPE. */
export const cpeName = (description: string): z.ZodType<string, string> =>
  shortName(description, "home", "interface names are made from it");
/** The name of a shared segment. */
export const lanName = (description: string): z.ZodType<string, string> =>
  shortName(description, "street", `its bridge is called mh-<lan>, and ${MAX_LAN_NAME} characters fit`);
