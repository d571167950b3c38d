/** All requirements that can be checked, by document. */
import { UsageError } from "../../../model/errors.ts";
import { suggest } from "../../../model/values/suggest.ts";
import { PROFILES, type Profile, type Requirement } from "../requirement.ts";
import { MULTIHOMING } from "./multihoming.ts";
import { RFC_7084 } from "./rfc7084.ts";
import { RFC_9096 } from "./rfc9096.ts";

export const CATALOGUE: Readonly<Record<Profile, readonly Requirement[]>> = {
  rfc7084: RFC_7084,
  rfc9096: RFC_9096,
  multihoming: MULTIHOMING,
};

/** All, in the order of the documents. */
export const REQUIREMENTS: readonly Requirement[] = PROFILES.flatMap((profile) => CATALOGUE[profile]);

/** The requirements of a profile, or those with these ids. Throws UsageError for an id that there is not. */
export function chosen(profile: Profile | "all", only: readonly string[]): readonly Requirement[] {
  const all = profile === "all" ? REQUIREMENTS : CATALOGUE[profile];
  const unknown = only.find((id) => all.every((one) => one.id !== id.toUpperCase()));
  if (unknown !== undefined) {
    const known = all.map(({ id }) => id);
    const close = suggest(unknown.toUpperCase(), known);
    throw new UsageError(`there is no requirement ${unknown}${profile === "all" ? "" : ` in ${profile}`}`, {
      hint: `${close === undefined ? "" : `did you mean ${close}? `}all of them: mhlab check --list`,
      state: "Nothing was changed.",
    });
  }
  const wanted = only.map((id) => id.toUpperCase());
  return wanted.length === 0 ? all : all.filter(({ id }) => wanted.includes(id));
}
