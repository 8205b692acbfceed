/** A value of a YAML file. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | JsonObject;

/** An object of a YAML file. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

const MARK = '$delivery';

/**
 * Puts values where a template says `{ $delivery: <key> }`; a key with points goes into an object (`workflows.ref`).
 * A value that is `undefined` takes its place away: the property, or the item of the list.
 *
 * @throws `Error` when the template names a key that does not exist
 */
export function fillTemplate(
  template: JsonObject,
  values: Readonly<Record<string, unknown>>,
): JsonObject {
  return fillObject(template, values);
}

function fill(
  value: JsonValue | undefined,
  values: Readonly<Record<string, unknown>>,
): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value
      .map(item => fill(item, values))
      .filter((item): item is JsonValue => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const key = value[MARK];
  return key === undefined ? fillObject(value, values) : look(key, values);
}

function fillObject(
  object: JsonObject,
  values: Readonly<Record<string, unknown>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const filled = fill(value, values);
      return filled === undefined ? [] : [[key, filled]];
    }),
  );
}

function look(
  key: JsonValue,
  values: Readonly<Record<string, unknown>>,
): JsonValue | undefined {
  let found: unknown = values;
  for (const part of String(key).split('.')) {
    if (typeof found !== 'object' || found === null || !(part in found)) {
      throw new Error(`A template asks for the unknown value ${String(key)}.`);
    }
    found = Reflect.get(found, part);
  }
  return found as JsonValue | undefined;
}
