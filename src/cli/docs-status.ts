import { statusFields } from "../core/model/status/json-schema.ts";

/** The page docs/status.md: every field of `mhlab status --json`, from the shapes that read it and their texts. */
export function statusPage(): string {
  const rows = statusFields().map(
    ({ path, values, text }) => `| \`${path}\` | ${values} | ${text.replaceAll("|", "\\|")} |`,
  );
  return [
    "# What `mhlab status --json` says",
    "",
    "Made from the program. Keys stay and keep their meaning; more may come. Times are UTC (RFC 3339), spans are in seconds (`…S`)",
    "or milliseconds (`…Ms`), what is not known or not there is null. The JSON Schema is in",
    "[schemas/status.schema.json](../schemas/status.schema.json), and `mhlab schema status` prints it.",
    "",
    "`mhlab status LAB --json` prints one object with these fields, `--watch --json` one on each line. Without a name, and with no",
    "lab or several on the engine, it is `at` and `labs`, a list of such objects.",
    "",
    "| field | what it can be | meaning |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
