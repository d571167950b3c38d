import { useState } from "preact/hooks";

/** A command line with a button that copies it. */
export function CommandLine({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <div class="command">
      <code>{text}</code>
      <button type="button" class="plain" onClick={copy}>
        {copied ? "Copied" : "Copy"}
      </button>
    </div>
  );
}
