import { renumber as renumberProvider } from "../../renumber.ts";
import { nodeIn, type Runner } from "./stage.ts";

/** Gives a provider another prefix; in force when the step is done. */
export const renumber: Runner<"renumber"> = async ({ provider, order }, stage, signal) => {
  const { prefixes, farSide } = await renumberProvider(nodeIn(stage, provider), order, stage, signal);
  const said = prefixes.map(({ prefix, state }) => `${prefix} is ${state}`).join(", ");
  return { detail: farSide === "late" ? `${said}; the bundled internet has not followed yet` : said };
};
