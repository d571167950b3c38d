/** The port of a second router on the link, in the BNG's namespace. */
export const ROGUE_INTERFACE = "rogue0";
