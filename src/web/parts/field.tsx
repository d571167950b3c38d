import { groupBy } from "../../core/model/grouped.ts";
import { useState } from "preact/hooks";
import type { NumberUnit } from "../../core/model/faults/option.ts";
import type { ChoiceInfo, FieldInfo } from "../data/state.ts";

interface FieldProps {
  readonly name: string;
  readonly field: FieldInfo;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** One input of an action's form, by what its value can be. */
export function Field(props: FieldProps) {
  const { name, field, value, onValue } = props;
  const { text, choices, input, optional } = field;
  if (choices?.some(({ group }) => group !== undefined) === true)
    return <ChoiceList {...props} choices={choices} />;
  const required = optional !== true;
  if (choices !== undefined) {
    const chosen = choices.find((choice) => choice.value === value);
    const words = choices.map((choice) => choice.value);
    return (
      <label>
        {text}
        <Words {...{ name, required, value, onValue, words }} empty="" />
        {chosen === undefined ? null : <span class="muted">{chosen.text}</span>}
      </label>
    );
  }
  if (input?.as === "word")
    return (
      <label>
        {text}
        <Words {...{ name, required, value, onValue, words: input.words }} empty={field.default ?? ""} />
      </label>
    );
  if (input?.as === "number") return <NumberField {...props} step={input.step} units={input.units} />;
  return (
    <label>
      {text}
      <input
        name={name}
        required={required}
        maxLength={200}
        autocomplete="off"
        placeholder={field.default}
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    </label>
  );
}

interface WordsProps extends Pick<FieldProps, "name" | "value" | "onValue"> {
  readonly required: boolean;
  readonly words: readonly string[];
  /** What counts while none is chosen. */
  readonly empty: string;
}

function Words({ name, required, value, onValue, words, empty }: WordsProps) {
  return (
    <select
      name={name}
      required={required}
      value={value}
      onChange={({ currentTarget }) => onValue(currentTarget.value)}
    >
      <option value="">{empty === "" ? "" : `${empty} (default)`}</option>
      {words
        .filter((word) => word !== empty)
        .map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
    </select>
  );
}

/** All choices in sight by group, each with what it does. */
function ChoiceList({
  name,
  field: { text },
  value,
  onValue,
  choices,
}: FieldProps & { choices: readonly ChoiceInfo[] }) {
  const groups = groupBy(choices, ({ group = "" }) => group);
  return (
    <div class="choices" role="radiogroup" aria-label={text}>
      {[...groups].map(([group, alike]) => (
        <div key={group} role="group" aria-label={group}>
          <h3>{group}</h3>
          {alike.map((choice) => (
            <label key={choice.value} class={choice.value === value ? "choice chosen" : "choice"}>
              <input
                type="radio"
                name={name}
                required
                value={choice.value}
                checked={choice.value === value}
                onChange={() => onValue(choice.value)}
              />
              <span>
                <b>{choice.value}</b> <span class="muted">{choice.text}</span>
              </span>
            </label>
          ))}
        </div>
      ))}
    </div>
  );
}

/** A number, its unit beside it, and its range below. */
function NumberField({
  name,
  field,
  value,
  onValue,
  step,
  units,
}: FieldProps & { step: number | "any"; units: readonly NumberUnit[] }) {
  const [, usual = "", usualUnit] = /^([\d.]+)([a-z%]*)$/.exec(field.default ?? "") ?? [];
  const [unitName, setUnit] = useState(usualUnit ?? units[0]?.unit ?? "");
  const unit = units.find((one) => one.unit === unitName) ?? units[0];
  if (unit === undefined) return null;
  const count = value.slice(0, value.length - (value.endsWith(unit.unit) ? unit.unit.length : 0));
  return (
    <label>
      {field.text}
      <span class="number">
        <input
          type="number"
          name={name}
          required={field.optional !== true}
          min={unit.min}
          max={unit.max}
          step={step}
          placeholder={usualUnit === unit.unit ? usual : ""}
          value={count}
          onInput={({ currentTarget }) => {
            const now = currentTarget.value;
            onValue(now === "" ? "" : `${now}${unit.unit}`);
          }}
        />
        {units.length === 1 ? (
          unit.unit
        ) : (
          <select
            aria-label={`Unit: ${field.text}`}
            value={unit.unit}
            onChange={({ currentTarget }) => {
              setUnit(currentTarget.value);
              if (count !== "") onValue(`${count}${currentTarget.value}`);
            }}
          >
            {units.map((one) => (
              <option key={one.unit}>{one.unit}</option>
            ))}
          </select>
        )}
        <span class="muted">
          {unit.min} to {unit.max} {unit.unit}
        </span>
      </span>
    </label>
  );
}

/** The fields of a choice; their values go on as `name=value` words. */
export function OptionFields({
  fields,
  onValue,
}: {
  readonly fields: Readonly<Record<string, FieldInfo>>;
  readonly onValue: (words: string) => void;
}) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  return (
    <>
      {Object.entries(fields).map(([name, field]) => (
        <Field
          key={name}
          name={name}
          field={{ ...field, text: `${name}: ${field.text}` }}
          value={values[name] ?? ""}
          onValue={(value) => {
            const now = { ...values, [name]: value };
            setValues(now);
            const words = Object.entries(now).filter(([, one]) => one !== "");
            // A space would end the word; lists have commas between, and need none.
            onValue(words.map(([key, one]) => `${key}=${one.replaceAll(/\s+/g, "")}`).join(" "));
          }}
        />
      ))}
    </>
  );
}
