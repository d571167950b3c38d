import type { Check, Result, VerdictName } from "../../core/judge/check/verdict.ts";

const OUTCOME = {
  pass: "passed",
  fail: "failed",
  inconclusive: "cantTell",
  "not-applicable": "inapplicable",
  skipped: "untested",
} as const satisfies Record<VerdictName, string>;

/** EARL 1.0 (W3C's vocabulary for test results) as JSON-LD: an assertion for each requirement. */
export function checkEarl(check: Check): string {
  const { cpe, lab, mhlab, startedAt, results } = check;
  const graph = [
    { "@id": "_:mhlab", "@type": ["Assertor", "Software"], title: "mhlab", hasVersion: mhlab },
    { "@id": "_:cpe", "@type": "TestSubject", title: cpe, description: `CPE ${cpe} in the lab ${lab}` },
    ...results.map((result) => assertion(result, startedAt)),
  ];
  return `${JSON.stringify({ "@context": CONTEXT, "@graph": graph }, null, 2)}\n`;
}

const CONTEXT = {
  "@vocab": "http://www.w3.org/ns/earl#",
  dct: "http://purl.org/dc/terms/",
  title: "dct:title",
  description: "dct:description",
  hasVersion: "dct:hasVersion",
  identifier: "dct:identifier",
  isPartOf: { "@id": "dct:isPartOf", "@type": "@id" },
  date: { "@id": "dct:date", "@type": "http://www.w3.org/2001/XMLSchema#dateTime" },
  assertedBy: { "@type": "@id" },
  subject: { "@type": "@id" },
  mode: { "@type": "@vocab" },
  outcome: { "@type": "@vocab" },
};

function assertion(
  { document, id, title, verdict, reason, samples, violations }: Result,
  startedAt: string,
): object {
  const rfc = /^RFC (\d+)$/.exec(document)?.[1];
  return {
    "@type": "Assertion",
    assertedBy: "_:mhlab",
    subject: "_:cpe",
    mode: "automatic",
    test: {
      "@type": "TestRequirement",
      identifier: `${document} ${id}`,
      title,
      ...(rfc === undefined ? {} : { isPartOf: `urn:ietf:rfc:${rfc}` }),
    },
    result: {
      "@type": "TestResult",
      outcome: OUTCOME[verdict],
      info: `${reason} (${samples} samples, ${violations} violations)`,
      date: startedAt,
    },
  };
}
