import { expect, test } from "vitest";
import { ageFindings, daysBetween, packagesTime } from "../../../../src/features/doctor/image-age.ts";

const DAY = 86_400;

test("packages are as old as the first step that installed some, whatever was copied in later", () => {
  const history = [
    { Created: 90 * DAY, CreatedBy: "/bin/sh -c #(nop) COPY file:1 in /usr/local/lib/mhlab/agent.js" },
    { Created: 60 * DAY, CreatedBy: "/bin/sh -c apt-get update && apt-get install kea-dhcp6-server" },
    { Created: 50 * DAY, CreatedBy: "/bin/sh -c apt-get update && apt-get install nodejs" },
    { Created: 10 * DAY, CreatedBy: "bootstrapped by mhlab" },
  ];
  expect(packagesTime(history)).toBe(50 * DAY);
  expect(packagesTime(history.slice(0, 1))).toBe(90 * DAY);
  expect(packagesTime([])).toBeUndefined();
  expect(daysBetween(50 * DAY, 81.5 * DAY)).toBe(31);
  // Clocks of two machines.
  expect(daysBetween(DAY + 5, DAY)).toBe(0);
});

test("a month is too old, and says what to do", () => {
  const young = [
    { image: "mhlab/bng:1", days: 0 },
    { image: "mhlab/cpe:1", days: 30 },
  ];
  expect(ageFindings(young)).toEqual([
    {
      id: "image-age",
      level: "ok",
      message: "age of the packages in the images: mhlab/bng:1 less than a day, mhlab/cpe:1 30 days",
    },
  ]);
  expect(ageFindings([...young, { image: "mhlab/internet:1", days: 31 }])).toMatchObject([
    { level: "warn", mend: "mhlab image build --force" },
  ]);
  expect(ageFindings([])).toEqual([]);
});
