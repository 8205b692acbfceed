import { AwsError } from '../../cloud';
import { isFlat, kindOf, membersOf, Shape, valueOf, xmlNameOf } from './shapes';

const refuse = (path: string, kind: string) =>
  new AwsError(
    'SerializationException',
    `${path || 'The request'} must be a ${kind}.`,
  );

function timestamp(value: unknown, path: string): Date {
  const date =
    typeof value === 'number' ? new Date(value * 1000) : new Date(`${value}`);
  if (Number.isNaN(date.getTime())) throw refuse(path, 'timestamp');
  return date;
}

/**
 * A JSON value as the handlers want it: unknown members left out, times as Date.
 * @throws AwsError SerializationException when a member has another type than the API says
 */
export function fromJson(shape: Shape, value: unknown, path = ''): unknown {
  if (shape.isUnitSchema()) return {};
  const kind = kindOf(shape);
  switch (kind) {
    case 'struct': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw refuse(path, 'structure');
      }
      const given = new Map(Object.entries(value));
      return Object.fromEntries(
        [...membersOf(shape)]
          .filter(([name]) => (given.get(name) ?? null) !== null)
          .map(([name, member]) => [
            name,
            fromJson(member, given.get(name), path ? `${path}.${name}` : name),
          ]),
      );
    }
    case 'list':
      if (!Array.isArray(value)) throw refuse(path, 'list');
      return value.map((item, index) =>
        fromJson(valueOf(shape), item, `${path}[${index}]`),
      );
    case 'map':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw refuse(path, 'map');
      }
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          fromJson(valueOf(shape), item, `${path}.${key}`),
        ]),
      );
    case 'timestamp':
      return timestamp(value, path);
    case 'other':
      return value;
    default:
      if (typeof value !== kind) throw refuse(path, kind);
      return value;
  }
}

/** Indexes `1, 2, 3 …` that stand behind the prefix, in order. */
function indexes(form: URLSearchParams, prefix: string): number[] {
  const found = new Set<number>();
  for (const key of form.keys()) {
    if (!key.startsWith(`${prefix}.`)) continue;
    const index = /^\d{1,6}(?=\.|$)/.exec(key.slice(prefix.length + 1));
    if (index) found.add(Number(index[0]));
  }
  return [...found].sort((a, b) => a - b);
}

const isGiven = (form: URLSearchParams, prefix: string) =>
  [...form.keys()].some(key => key === prefix || key.startsWith(`${prefix}.`));

/**
 * Reads awsQuery's `Names.member.1=a`.
 * @throws AwsError ValidationError when a member has another type than the API says
 */
export function fromQuery(
  shape: Shape,
  form: URLSearchParams,
  path = '',
): unknown {
  if (shape.isUnitSchema()) return {};
  const text = form.get(path) ?? '';
  switch (kindOf(shape)) {
    case 'struct':
      return Object.fromEntries(
        [...membersOf(shape)]
          .map(([name, member]) => ({
            name,
            member,
            key: `${path ? `${path}.` : ''}${xmlNameOf(member, name)}`,
          }))
          .filter(({ key }) => isGiven(form, key))
          .map(({ name, member, key }) => [name, fromQuery(member, form, key)]),
      );
    case 'list': {
      const item = valueOf(shape);
      const prefix = isFlat(shape)
        ? path
        : `${path}.${xmlNameOf(item, 'member')}`;
      return indexes(form, prefix).map(index =>
        fromQuery(item, form, `${prefix}.${index}`),
      );
    }
    case 'map': {
      const prefix = isFlat(shape) ? path : `${path}.entry`;
      return Object.fromEntries(
        indexes(form, prefix).map(index => [
          form.get(`${prefix}.${index}.key`) ?? '',
          fromQuery(valueOf(shape), form, `${prefix}.${index}.value`),
        ]),
      );
    }
    case 'number': {
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number)) {
        throw new AwsError('ValidationError', `${path} must be a number.`);
      }
      return number;
    }
    case 'boolean':
      return text === 'true';
    case 'timestamp':
      return timestamp(text, path);
    default:
      return text;
  }
}
