import { useEffect, useRef, useState } from "preact/hooks";
import { act } from "../connection.ts";
import { asked, view, type Asked, type FieldInfo } from "../state.ts";
import { CommandLine } from "./command.tsx";
import { commandLine } from "../command-line.ts";

/** The one place where an action is confirmed: what it does, to whom, and the command that does the same. */
export function Confirm() {
  const now = asked.value;
  return now === null ? null : <Question key={`${now.action.name} ${now.member ?? ""}`} {...now} />;
}

function close(): void {
  asked.value = null;
}

function Question({ action, member, given = {} }: Asked) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<{ busy: boolean; trouble?: string | undefined }>({ busy: false });
  useEffect(() => dialog.current?.showModal(), []);
  const open = Object.entries(action.fields).filter(([name]) => given[name] === undefined);
  const fields = { ...values, ...given, ...(member === null ? {} : { member }) };
  const line = commandLine(view.self, action.words, { ...fields, lab: view.lab });
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
          {action.title} {member}
        </h2>
        <p>{action.text}</p>
        {open.map(([name, field]) => (
          <Field
            key={name}
            name={name}
            field={field}
            value={values[name] ?? ""}
            onValue={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
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

interface FieldProps {
  readonly name: string;
  readonly field: FieldInfo;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function Field({ name, field: { text, choices, optional }, value, onValue }: FieldProps) {
  const required = optional !== true;
  if (choices === undefined)
    return (
      <label>
        {text}
        <input
          name={name}
          required={required}
          maxLength={200}
          autocomplete="off"
          value={value}
          onInput={({ currentTarget }) => onValue(currentTarget.value)}
        />
      </label>
    );
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <label>
      {text}
      <select
        name={name}
        required={required}
        value={value}
        onChange={({ currentTarget }) => onValue(currentTarget.value)}
      >
        <option value="" />
        {choices.map((choice) => (
          <option key={choice.value}>{choice.value}</option>
        ))}
      </select>
      {chosen === undefined ? null : <span class="muted">{chosen.text}</span>}
    </label>
  );
}
