import {
  changeSetRoleVariable,
  needsApproval,
  planRoleVariable,
  roleArn,
  tooLongRoles,
} from './names';
import { serviceUrl } from './variables';

const place = { name: 'x', accountId: '111111111111', cluster: 'c' };

describe('Names', () => {
  it.each([
    ['eu-west-1', 'arn:aws:iam::111111111111:role/shop-build'],
    ['cn-north-1', 'arn:aws-cn:iam::111111111111:role/shop-build'],
    ['us-gov-west-1', 'arn:aws-us-gov:iam::111111111111:role/shop-build'],
  ])('of roles know the partition of %s', (region, arn) => {
    expect(roleArn({ ...place, region }, 'shop-build')).toBe(arn);
  });

  it('of variables have no characters that GitHub refuses', () => {
    expect(planRoleVariable('pre-prod')).toBe('AWS_PLAN_ROLE_ARN_PRE_PROD');
    expect(changeSetRoleVariable('pre-prod')).toBe(
      'AWS_CHANGESET_ROLE_ARN_PRE_PROD',
    );
  });

  it('of roles fit into what AWS takes', () => {
    const name = 'a'.repeat(40);
    expect(tooLongRoles(name, ['b'.repeat(13)])).toEqual([]);
    expect(tooLongRoles(name, ['b'.repeat(14)])).toHaveLength(1);
  });

  it.each([
    ['staging', 'staging', false, false],
    ['staging', 'staging', true, true],
    ['staging', 'production', false, true],
    ['dev', undefined, undefined, false],
    ['production', undefined, undefined, true],
    ['eu-live', 'staging', false, true],
  ])(
    'of the environment %s (%s, %s) tell whether it needs an approval: %s',
    (name, tier, approval, needs) => {
      const region = 'eu-west-1';
      expect(needsApproval({ ...place, region, name, tier, approval })).toBe(
        needs,
      );
    },
  );

  it('of services stand wherever their address names them', () => {
    expect(serviceUrl('https://{name}.{environment}/{name}', 'a', 'b')).toBe(
      'https://a.b/a',
    );
  });
});
