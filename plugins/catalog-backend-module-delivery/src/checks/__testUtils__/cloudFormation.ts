import { parse, type CollectionTag, type ScalarTag } from 'yaml';

const SHORT = [
  'Ref',
  'Condition',
  'Sub',
  'GetAtt',
  'If',
  'Equals',
  'Not',
  'And',
  'Or',
  'Join',
  'Select',
  'Split',
  'ImportValue',
  'FindInMap',
  'Base64',
  'Cidr',
  'GetAZs',
  'Transform',
];

const longName = (name: string) =>
  name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;

const tags = SHORT.flatMap((name): (ScalarTag | CollectionTag)[] => [
  { tag: `!${name}`, resolve: text => ({ [longName(name)]: text }) },
  {
    tag: `!${name}`,
    collection: 'seq',
    resolve: node => ({ [longName(name)]: node }),
  },
  {
    tag: `!${name}`,
    collection: 'map',
    resolve: node => ({ [longName(name)]: node }),
  },
]);

export interface Stack {
  readonly Parameters?: Readonly<Record<string, { Type: string }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<
    Record<
      string,
      { Type: string; Condition?: string; Properties?: Record<string, unknown> }
    >
  >;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/** Reads a CloudFormation template; short forms (`!Sub`) become long ones (`Fn::Sub`). */
export function readStack(text: string): Stack {
  const document = parse(text, { customTags: tags }) as Stack;
  return JSON.parse(JSON.stringify(document)) as Stack;
}

const PSEUDO =
  /^AWS::(AccountId|Region|NoValue|Partition|StackName|StackId|URLSuffix)$/;

function visit(
  value: unknown,
  seen: (key: string, item: unknown) => void,
): void {
  if (Array.isArray(value)) value.forEach(item => visit(item, seen));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      seen(key, item);
      visit(item, seen);
    }
  }
}

/** Names that a template uses and does not have. */
export function unknownNames(stack: Stack): string[] {
  const names = new Set([
    ...Object.keys(stack.Parameters ?? {}),
    ...Object.keys(stack.Resources),
  ]);
  const found: string[] = [];
  const name = (text: string) => {
    if (!names.has(text) && !PSEUDO.test(text)) found.push(text);
  };
  visit({ ...stack.Resources, ...stack.Outputs }, (key, item) => {
    if (key === 'Ref') name(String(item));
    else if (key === 'Fn::GetAtt') {
      name(Array.isArray(item) ? String(item[0]) : String(item).split('.')[0]);
    } else if (key === 'Fn::Sub') {
      const text = String(Array.isArray(item) ? item[0] : item);
      for (const [, used] of text.matchAll(/\$\{([\w:.]+)\}/g))
        name(used.split('.')[0]);
    } else if (key === 'Fn::If' && Array.isArray(item)) {
      if (!(String(item[0]) in (stack.Conditions ?? {})))
        found.push(String(item[0]));
    }
  });
  for (const { Condition } of Object.values(stack.Resources)) {
    if (Condition && !(Condition in (stack.Conditions ?? {})))
      found.push(Condition);
  }
  return found;
}
