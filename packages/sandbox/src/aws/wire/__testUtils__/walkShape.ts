import { NormalizedSchema } from '@smithy/core/schema';

type Schema = Parameters<typeof NormalizedSchema.of>[0];

/** What in a JSON answer does not fit the client's own schema. */
export function wrongInJson(
  schema: Schema,
  value: unknown,
  path = '$',
): string[] {
  const shape = NormalizedSchema.of(schema);
  if (shape.isStructSchema()) {
    if (typeof value !== 'object' || value === null) return [`${path}: object`];
    const members = shape.getMemberSchemas();
    return Object.entries(value).flatMap(([name, content]) =>
      members[name]
        ? wrongInJson(members[name], content, `${path}.${name}`)
        : [`${path}.${name}: unknown`],
    );
  }
  if (shape.isListSchema()) {
    return Array.isArray(value)
      ? value.flatMap((item, i) =>
          wrongInJson(shape.getValueSchema(), item, `${path}[${i}]`),
        )
      : [`${path}: list`];
  }
  if (shape.isMapSchema()) {
    return Object.entries(value as object).flatMap(([key, item]) =>
      wrongInJson(shape.getValueSchema(), item, `${path}.${key}`),
    );
  }
  const type = typeof value;
  if (shape.isNumericSchema() || shape.isTimestampSchema()) {
    return type === 'number' ? [] : [`${path}: number`];
  }
  if (shape.isBooleanSchema())
    return type === 'boolean' ? [] : [`${path}: boolean`];
  return type === 'string' ? [] : [`${path}: string`];
}

function namesOf(shape: NormalizedSchema, seen: Set<unknown>): string[] {
  if (shape.isListSchema() || shape.isMapSchema()) {
    return namesOf(shape.getValueSchema(), seen);
  }
  if (!shape.isStructSchema() || seen.has(shape.getSchema())) return [];
  seen.add(shape.getSchema());
  return [...shape.structIterator()].flatMap(([name, member]) => [
    name,
    ...namesOf(member, seen),
  ]);
}

/** Elements of an XML answer that the client's own schema does not have. */
export function wrongInXml(
  operation: string,
  schema: Schema,
  body: string,
): string[] {
  const known = new Set([
    ...namesOf(NormalizedSchema.of(schema), new Set()),
    `${operation}Response`,
    `${operation}Result`,
    'ResponseMetadata',
    'RequestId',
    'member',
    'entry',
    'key',
    'value',
  ]);
  return [...body.matchAll(/<([A-Za-z]\w*)/g)]
    .map(([, name]) => name)
    .filter(name => !known.has(name));
}
