import { isFlat, kindOf, membersOf, Shape, valueOf, xmlNameOf } from './shapes';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const FITTING: Record<string, (value: unknown) => boolean> = {
  string: value => typeof value === 'string',
  number: value => typeof value === 'number' && Number.isFinite(value),
  boolean: value => typeof value === 'boolean',
  timestamp: value => value instanceof Date && Number.isFinite(value.getTime()),
  list: value => Array.isArray(value),
  map: value => typeof value === 'object' && value !== null,
  struct: value => typeof value === 'object' && value !== null,
  other: () => true,
};

/** The shape is the vendor's: what does not fit it is a defect of the sandbox. */
function check(shape: Shape, value: unknown, path: string): void {
  const kind = kindOf(shape);
  if (!FITTING[kind](value)) {
    throw new Error(`${path} is no ${kind}: ${JSON.stringify(value)}`);
  }
}

/** Members that are there, each with its shape. @throws Error for one the shape does not have */
function entries(
  shape: Shape,
  value: unknown,
  path: string,
): [string, Shape, unknown][] {
  const members = membersOf(shape);
  return Object.entries(value as object)
    .filter(([, member]) => member !== undefined && member !== null)
    .map(([name, member]) => {
      const known = members.get(name);
      if (!known) throw new Error(`${path}.${name} is not in the API`);
      return [name, known, member];
    });
}

/** awsJson: times are seconds since 1970. @throws Error when the value does not fit the shape */
export function toJson(shape: Shape, value: unknown, path = 'answer'): Json {
  if (shape.isUnitSchema()) return {};
  check(shape, value, path);
  switch (kindOf(shape)) {
    case 'struct':
      return Object.fromEntries(
        entries(shape, value, path).map(([name, member, content]) => [
          name,
          toJson(member, content, `${path}.${name}`),
        ]),
      );
    case 'list':
      return (value as unknown[]).map((item, index) =>
        toJson(valueOf(shape), item, `${path}[${index}]`),
      );
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, content]) => [
          key,
          toJson(valueOf(shape), content, `${path}.${key}`),
        ]),
      );
    case 'timestamp':
      return (value as Date).getTime() / 1000;
    default:
      return value as Json;
  }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text as XML content; characters XML 1.0 does not know are left out. */
export const escapeXml = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, character => ENTITIES[character])
    .replace(/\r/g, '&#13;');

const element = (name: string, content: string) =>
  `<${name}>${content}</${name}>`;

/** Content of a value's element in awsQuery's XML: times are ISO 8601. @throws Error when the value does not fit the shape */
export function toXml(shape: Shape, value: unknown, path = 'answer'): string {
  if (shape.isUnitSchema()) return '';
  check(shape, value, path);
  switch (kindOf(shape)) {
    case 'struct':
      return entries(shape, value, path)
        .map(([name, member, content]) =>
          memberXml(member, name, content, `${path}.${name}`),
        )
        .join('');
    case 'list':
      return (value as unknown[])
        .map((item, index) =>
          element(
            xmlNameOf(valueOf(shape), 'member'),
            toXml(valueOf(shape), item, `${path}[${index}]`),
          ),
        )
        .join('');
    case 'map':
      return Object.entries(value as object)
        .map(([key, content]) =>
          element(
            'entry',
            element('key', escapeXml(key)) +
              element('value', toXml(valueOf(shape), content, path)),
          ),
        )
        .join('');
    case 'timestamp':
      return (value as Date).toISOString();
    default:
      return escapeXml(String(value));
  }
}

function memberXml(
  member: Shape,
  name: string,
  content: unknown,
  path: string,
): string {
  const tag = xmlNameOf(member, name);
  if (kindOf(member) !== 'list' || !isFlat(member)) {
    return element(tag, toXml(member, content, path));
  }
  check(member, content, path);
  return (content as unknown[])
    .map(item => element(tag, toXml(valueOf(member), item, path)))
    .join('');
}
