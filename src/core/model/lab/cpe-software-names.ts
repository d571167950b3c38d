/** What a CPE of a lab runs. The words are a contract: lab.yaml and the document of a CPE hold them. */
export const CPE_SOFTWARE = ["bundled", "networkd", "dhcpcd", "dhcp6c"] as const;
export type CpeSoftware = (typeof CPE_SOFTWARE)[number];

/** Software that nobody here wrote. */
export type ForeignSoftwareName = Exclude<CpeSoftware, "bundled">;

/** What a CPE runs when nothing is said. */
export const DEFAULT_SOFTWARE: CpeSoftware = "bundled";

/** Whether a word is a software of this version. */
export function isCpeSoftware(word: string): word is CpeSoftware {
  return CPE_SOFTWARE.some((known) => known === word);
}
