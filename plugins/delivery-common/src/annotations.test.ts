import { isDeliveryAvailable, splitList } from './annotations';

function entity(annotations?: Record<string, string>) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'payments', annotations },
  };
}

describe('isDeliveryAvailable', () => {
  it('asks for the annotation of the repository', () => {
    expect(
      isDeliveryAvailable(entity({ 'github.com/project-slug': 'acme/pay' })),
    ).toBe(true);
    expect(isDeliveryAvailable(entity({ 'github.com/workflows': 'x' }))).toBe(
      false,
    );
    expect(isDeliveryAvailable(entity({ 'github.com/project-slug': '' }))).toBe(
      false,
    );
    expect(isDeliveryAvailable(entity())).toBe(false);
  });
});

describe('splitList', () => {
  it.each([
    [undefined, []],
    ['', []],
    [' , ,', []],
    ['a', ['a']],
    [' a.yml , b.yml,', ['a.yml', 'b.yml']],
  ])('splits %j', (text, parts) => {
    expect(splitList(text)).toEqual(parts);
  });
});
