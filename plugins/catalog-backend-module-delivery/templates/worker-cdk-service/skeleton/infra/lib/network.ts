import { Annotations, Fn } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ParameterValueType, StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** Where the account's owners write down its network: read when the stack is deployed, no look-up when synthesised. */
export const networkParameters = {
  vpcId: '/platform/vpc-id',
  privateSubnetIds: '/platform/private-subnets',
} as const;

/** The account's own VPC with the first two of its private subnets, in two zones. */
export function importNetwork(scope: Construct): IVpc {
  const subnetIds = StringListParameter.valueForTypedListParameter(
    scope,
    networkParameters.privateSubnetIds,
    ParameterValueType.AWS_EC2_SUBNET_ID,
  );
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: StringParameter.valueForTypedStringParameterV2(
      scope,
      networkParameters.vpcId,
      ParameterValueType.AWS_EC2_VPC_ID,
    ),
    availabilityZones: [0, 1].map(index => Fn.select(index, Fn.getAzs())),
    privateSubnetIds: [0, 1].map(index => Fn.select(index, subnetIds)),
  });
  Annotations.of(vpc).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
  return vpc;
}
