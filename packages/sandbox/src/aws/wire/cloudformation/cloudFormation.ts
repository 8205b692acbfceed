import {
  DescribeStackResourceDrifts$,
  DescribeStacks$,
  type DescribeStackResourceDriftsCommandInput,
  type DescribeStackResourceDriftsCommandOutput,
  type DescribeStacksCommandInput,
  type DescribeStacksCommandOutput,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../cloud';
import { StackRecord } from '../../records';
import {
  AwsCall,
  AwsService,
  isHere,
  operationMap,
  reading,
} from '../operation';
import { pageOf, within } from '../paging';

const INVALID = 'ValidationError';

/** @throws AwsError ValidationError, as CloudFormation says that there is none */
function findStack(call: AwsCall, given: string | undefined): StackRecord {
  const found = call.records.stacks.find(
    stack =>
      (stack.name === given || stack.id === given) && isHere(call)(stack),
  );
  if (!found) {
    throw new AwsError(INVALID, `Stack with id ${given} does not exist`);
  }
  return found;
}

const stackBody = (stack: StackRecord): Stack => ({
  StackId: stack.id,
  StackName: stack.name,
  CreationTime: new Date(stack.createdAt),
  StackStatus: 'CREATE_COMPLETE',
  DisableRollback: false,
  NotificationARNs: [],
  Parameters: [],
  Tags: [],
  EnableTerminationProtection: false,
  Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({
    OutputKey,
    OutputValue,
  })),
  DriftInformation: {
    StackDriftStatus: stack.drift.status,
    ...(stack.drift.checkedAt === null
      ? {}
      : { LastCheckTimestamp: new Date(stack.drift.checkedAt) }),
  },
});

const describeStacks = reading<
  DescribeStacksCommandInput,
  DescribeStacksCommandOutput
>(DescribeStacks$, ({ StackName, NextToken }, call) => {
  if (StackName !== undefined) {
    return { Stacks: [stackBody(findStack(call, StackName))] };
  }
  const page = pageOf(
    call.records.stacks.filter(isHere(call)),
    stack => stack.name,
    { size: 100, token: NextToken, error: INVALID },
  );
  return { Stacks: page.items.map(stackBody), NextToken: page.nextToken };
});

const describeStackResourceDrifts = reading<
  DescribeStackResourceDriftsCommandInput,
  DescribeStackResourceDriftsCommandOutput
>(DescribeStackResourceDrifts$, (input, call) => {
  const stack = findStack(call, input.StackName);
  const { status, resources, checkedAt } = stack.drift;
  const filters = input.StackResourceDriftStatusFilters;
  const count =
    status === 'DRIFTED' && (!filters?.length || filters.includes('MODIFIED'))
      ? resources
      : 0;
  const page = pageOf(
    Array.from({ length: count }, (_, index) => index + 1),
    index => String(index).padStart(6, '0'),
    {
      size: within(input.MaxResults, {
        name: 'MaxResults',
        most: 100,
        otherwise: 100,
        error: INVALID,
      }),
      token: input.NextToken,
      error: INVALID,
    },
  );
  return {
    StackResourceDrifts: page.items.map(index => ({
      StackId: stack.id,
      LogicalResourceId: `Resource${index}`,
      PhysicalResourceId: `${stack.name}-resource-${index}`,
      ResourceType: 'AWS::EC2::SecurityGroup',
      StackResourceDriftStatus: 'MODIFIED' as const,
      PropertyDifferences: [
        {
          PropertyPath: '/GroupDescription',
          ExpectedValue: 'as in the template',
          ActualValue: 'changed by hand',
          DifferenceType: 'NOT_EQUAL' as const,
        },
      ],
      Timestamp: new Date(checkedAt ?? stack.createdAt),
    })),
    NextToken: page.nextToken,
  };
});

export const CLOUDFORMATION: AwsService = {
  scope: 'cloudformation',
  name: 'cloudformation',
  query: {
    version: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  },
  operations: operationMap([describeStacks, describeStackResourceDrifts]),
};
