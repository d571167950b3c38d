import { ok, warn, type Finding } from "../../core/model/host/finding.ts";

/** One step that made an image, as the engine's history has it. */
export interface ImageStep {
  /** Unix time in seconds. */
  readonly Created: number;
  readonly CreatedBy: string;
}

/** How old the packages in an image are. */
export interface PackagesAge {
  readonly image: string;
  readonly days: number;
}

/** Debian's security updates within a month are worth a new build. */
const OLD_DAYS = 30;
const DAY_S = 86_400;

/** When packages were last installed into an image: an agent that is copied in later makes them no newer. Unix time in seconds. */
export function packagesTime(history: readonly ImageStep[]): number | undefined {
  const installs = history.filter(({ CreatedBy }) => CreatedBy.includes("apt-get"));
  const steps = installs.length > 0 ? installs : history;
  return steps.length === 0 ? undefined : Math.min(...steps.map(({ Created }) => Created));
}

/** Whole days from one Unix time to another, both in seconds. */
export function daysBetween(from: number, to: number): number {
  return Math.max(0, Math.floor((to - from) / DAY_S));
}

/** How old the images' packages are; old ones miss Debian's security updates. */
export function ageFindings(ages: readonly PackagesAge[]): Finding[] {
  if (ages.length === 0) return [];
  const text = ages.map(({ image, days }) => `${image} ${daysText(days)}`).join(", ");
  const old = ages.some(({ days }) => days > OLD_DAYS);
  const message = `age of the packages in the images: ${text}`;
  return [old ? warn("image-age", message, "mhlab image build --force") : ok("image-age", message)];
}

function daysText(days: number): string {
  return days === 0 ? "less than a day" : `${days} day${days === 1 ? "" : "s"}`;
}
