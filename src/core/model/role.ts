/** Every role that a container of a lab can have, in the order in which `up` starts them. The words are a contract: labels and commands hold them. */
export const ROLES = ["internet", "bng", "cpe", "host", "keeper"] as const;
export type Role = (typeof ROLES)[number];

/** The images that mhlab builds, each in its folder of `images/`, in the order in which plans and lists name them. */
export const IMAGE_ROLES = ["internet", "bng", "cpe", "cpe-others"] as const;
export type ImageRole = (typeof IMAGE_ROLES)[number];

/** Whether a word is a role of this version. */
export function isRole(word: string | undefined): word is Role {
  return ROLES.some((role) => role === word);
}
