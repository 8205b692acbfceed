import { templateOf } from './templateOf';

const entity = (name: string, template: string) => `kind: Component
metadata:
  name: ${name}
  annotations:
    delivery.platform/template: ${template}
`;

describe('templateOf', () => {
  const two = `${entity('a', 't@1.0.0')}---\n${entity('b', 'u@2.0.0')}`;

  it('takes what the entity itself says', () => {
    expect(templateOf(two, 'component:default/b')).toBe('u@2.0.0');
    expect(templateOf(two, 'component:default/c')).toBeUndefined();
    expect(templateOf(two)).toBe('t@1.0.0');
  });

  it.each([
    undefined,
    '',
    '{{{',
    '- 1',
    'a: &a [*a]',
    `${'x'.repeat(300_000)}`,
  ])('says nothing of what cannot be read', text =>
    expect(templateOf(text)).toBeUndefined(),
  );
});
