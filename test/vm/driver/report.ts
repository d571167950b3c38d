import { writeSync } from "node:fs";
import { messageOf } from "./shell.ts";

/** One thing that is shown on the real kernel. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Checks of which each stands on the ones before: after a failure the rest is not tried. */
export interface Story {
  readonly title: string;
  readonly checks: readonly Check[];
}

const REPORT = 1;

/** Tells the outside what is to come, so that a machine that dies on the way is noticed. */
export function announce(stories: readonly Story[]): void {
  for (const { title, checks } of stories) {
    for (const { name } of checks) say(`plan ${title}: ${name}`);
  }
}

export function note(text: string): void {
  say(`note ${text}`);
}

export function end(): void {
  say("end");
}

/** Runs a story; false when a check failed, after `onFailure` has told what helps to understand it. */
export async function play(story: Story, onFailure: () => Promise<string>): Promise<boolean> {
  let broken: string | undefined;
  for (const { name, run } of story.checks) {
    if (broken !== undefined) {
      say(`not ok ${story.title}: ${name}: not tried, because this failed: ${broken}`);
      continue;
    }
    const begin = performance.now();
    try {
      await run();
      say(`ok ${story.title}: ${name} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
    } catch (error) {
      broken = name;
      say(`not ok ${story.title}: ${name}: ${oneLine(messageOf(error))}`);
      for (const line of (await onFailure()).trim().split("\n")) note(line);
    }
  }
  return broken === undefined;
}

/** One write per line: the kernel keeps it whole. */
function say(line: string): void {
  writeSync(REPORT, `${line}\n`);
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " | ").slice(0, 1500);
}
