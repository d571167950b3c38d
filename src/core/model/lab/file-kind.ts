import type { FileKind } from "../yaml/file-kind.ts";

/** What is said of lab files. */
export const LAB_FILE_KIND: FileKind = {
  what: "a lab file",
  root: "the lab",
  firstKeys: "name, internet and providers",
  start: "start with `mhlab init`, or copy examples/two-isps/lab.yaml",
  page: "docs/lab-file.md",
  unset: (name) => ({
    message: `the environment variable ${name} is not set`,
    hint: `set it (export ${name}=…), or give a default: \${${name}:-default}`,
  }),
  code: (code) => code,
  missing: (path, value) =>
    path.length === 1 && path[0] === "providers"
      ? {
          code: "MHLAB_LAB_NO_PROVIDERS",
          message: "the lab has no providers",
          hint: "a provider is at least `- name: alpha` and `prefix: 2001:db8:a::/48` under providers; `mhlab provider add` asks for the rest",
          path: value === undefined ? [] : path,
        }
      : undefined,
};
