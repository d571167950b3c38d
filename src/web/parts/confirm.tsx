import { useEffect, useRef, useState } from "preact/hooks";
import { act } from "../data/connection.ts";
import { asked, view, type Asked } from "../data/state.ts";
import { CommandLine } from "./command.tsx";
import { Field, OptionFields } from "./field.tsx";
import { commandLine } from "../data/command-line.ts";

/** The one place where an action is confirmed: what it does, to whom, and the command that does the same. */
export function Confirm() {
  const now = asked.value;
  return now === null ? null : <Question key={`${now.action.name} ${now.node ?? ""}`} {...now} />;
}

function close(): void {
  asked.value = null;
}

function Question({ action, node, given = {} }: Asked) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<{ busy: boolean; trouble?: string | undefined }>({ busy: false });
  useEffect(() => dialog.current?.showModal(), []);
  const open = Object.entries(action.fields).filter(([name]) => given[name] === undefined);
  const fields = { ...values, ...given, ...(node === null ? {} : { node }) };
  const line = commandLine(view.self, action.words, { ...fields, lab: view.lab });
  /** Options of another choice mean nothing for the new one. */
  const emptied = (changed: string): Record<string, string> =>
    Object.fromEntries(open.flatMap(([name, { of }]) => (of === changed ? [[name, ""] as const] : [])));
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    setState({ busy: true });
    const trouble = await act(action.name, fields);
    if (trouble === undefined) close();
    else setState({ busy: false, trouble });
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="confirm-title">
      <form onSubmit={(event) => void go(event)}>
        <h2 id="confirm-title">
          {action.title} {node}
        </h2>
        <p>{action.text}</p>
        {open.map(([name, field]) => {
          const onValue = (value: string): void => setValues({ ...values, ...emptied(name), [name]: value });
          if (field.of === undefined)
            return <Field key={name} {...{ name, field, onValue }} value={values[name] ?? ""} />;
          const choices = action.fields[field.of]?.choices;
          const chosen = choices?.find(({ value }) => value === values[field.of ?? ""]);
          return (
            <OptionFields key={`${name} ${chosen?.value}`} fields={chosen?.fields ?? {}} onValue={onValue} />
          );
        })}
        {line === "" ? null : <CommandLine text={line} />}
        {state.trouble === undefined ? null : (
          <p class="trouble" role="alert">
            {state.trouble}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={state.busy}>
            {state.busy ? "Working…" : action.title}
          </button>
        </div>
      </form>
    </dialog>
  );
}
