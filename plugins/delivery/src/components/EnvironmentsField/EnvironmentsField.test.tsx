import { screen, within } from '@testing-library/react';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import { renderDelivery } from '../../../dev/testUtils/renderDelivery';
import {
  EnvironmentsField,
  validateReviewers,
  type EnvironmentsFieldProps,
} from '.';

const STAGING = {
  ...{ name: 'staging', accountId: '333333333333', region: 'eu-west-1' },
  ...{ cluster: 'services', approval: false },
};
const PRODUCTION = { ...STAGING, name: 'production', approval: true };

function show(
  options: Record<string, unknown>,
  reviewers: unknown,
  formData?: string[],
) {
  const onChange = jest.fn<void, [string[]]>();
  const props: EnvironmentsFieldProps = {
    onChange,
    formData,
    uiSchema: { 'ui:options': options },
    formContext: { formData: { reviewers } },
  };
  renderDelivery(<EnvironmentsField {...props} />);
  return onChange;
}

const cells = async (name: string) =>
  within(await screen.findByRole('row', { name: new RegExp(`^${name}`) }))
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

describe('EnvironmentsField', () => {
  it('tells where each environment runs and who approves', async () => {
    show({ environments: [STAGING, PRODUCTION] }, [
      'user:default/cleo',
      'group:default/payments',
    ]);
    expect(await cells('staging')).toEqual([
      ...['333333333333 · eu-west-1 · cluster services', 'none', 'main'],
    ]);
    expect((await cells('production'))[1]).toBe(
      'one of: cleo, payments – never whoever started the run',
    );
    await expectAccessible();
  });

  it('hands the rows to the review step as sentences, once', async () => {
    const environments = [STAGING];
    const told = [
      'staging: 333333333333 · eu-west-1 · cluster services; approval: none; from main',
    ];
    expect(show({ environments }, [])).toHaveBeenCalledWith(told);
    expect(show({ environments }, [], told)).not.toHaveBeenCalled();
  });

  it('says what is wrong with the reviewers', async () => {
    show({ environments: [PRODUCTION] }, []);
    expect((await cells('production'))[1]).toMatch(/^Choose at least one/);
  });

  it('knows that GitHub takes six', async () => {
    const seven = Array.from({ length: 7 }, (_, i) => `user:default/u${i}`);
    show({ environments: [PRODUCTION] }, seven);
    expect((await cells('production'))[1]).toMatch(/six .* 7 are chosen/);
  });

  it('adds those that hold the infrastructure', async () => {
    const environments = [{ ...PRODUCTION, branches: ['main', 'develop'] }];
    show({ environments, infrastructure: true }, ['user:default/cleo']);
    expect((await cells('production'))[2]).toBe('main, develop');
    expect((await cells('infra-production'))[2]).toBe('main');
  });

  it.each([[undefined], ['production'], [[{ account: 'x' }, null]]])(
    'asks for configuration instead of an empty table: %j',
    async environments => {
      show({ environments }, []);
      expect(
        await screen.findByText(/names no environments for this template/),
      ).toBeInTheDocument();
    },
  );
});

describe('validateReviewers', () => {
  const errors = (reviewers: unknown, approval = true) => {
    const found: string[] = [];
    const field = { addError: (message: string) => found.push(message) };
    const environments = [{ ...STAGING, approval }];
    validateReviewers(undefined, field, {
      formData: { reviewers },
      uiSchema: { 'ui:options': { environments } },
    });
    return found;
  };

  it('keeps the form where it is while nobody could approve', () => {
    expect(errors(undefined)).toEqual([expect.stringMatching(/^Choose at/)]);
    expect(errors([])).toHaveLength(1);
    expect(errors(Array(7).fill('user:default/a'))[0]).toMatch(/7 are chosen/);
    expect(errors(['user:default/cleo'])).toEqual([]);
    expect(errors([], false)).toEqual([]);
  });
});
