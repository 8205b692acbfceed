import { AwsCloud } from '../cloud';
import { AwsPlace, AwsRecords, SessionRecord } from '../records';
import { nameOf, OperationShape } from './protocol/shapes';

/** Who signed a call. */
export interface Principal {
  accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, or a user's. */
  arn: string;
  /** As `UserId` of GetCallerIdentity. */
  userId: string;
  /** Undefined: a user, who may do everything in the own account. */
  role?: string;
  /** The session whose keys signed. */
  session?: SessionRecord;
}

/** A call that was found to be genuine and allowed. */
export interface AwsCall {
  cloud: AwsCloud;
  records: AwsRecords;
  /** Epoch milliseconds. */
  now: number;
  /** Account of the credentials, region of the signature. */
  place: AwsPlace;
  principal: Principal;
}

export interface Operation {
  shape: OperationShape;
  /** Changes something: refused to read-only roles. */
  acts: boolean;
  /** Changes records, and is allowed to read-only roles all the same. */
  saves?: boolean;
  /** Nobody signs it; gives the account it is about, if the input names one. */
  unsigned?(input: unknown): string | undefined;
  run(input: unknown, call: AwsCall): unknown;
}

export type Output<O> = Omit<O, '$metadata'>;

/** An operation that reads; input and output are typed as the client's command. */
export const reading = <I, O>(
  shape: OperationShape,
  run: (input: I, call: AwsCall) => Output<O>,
): Operation => ({
  shape,
  acts: false,
  run: (input, call) => run(input as I, call),
});

/** As {@link reading}, for one that changes something. */
export const acting = <I, O>(
  shape: OperationShape,
  run: (input: I, call: AwsCall) => Output<O>,
): Operation => ({ ...reading(shape, run), acts: true });

/** A service of AWS as one of its clients sees it. */
export interface AwsService {
  /** In the credential scope. */
  scope: string;
  /** In IAM actions and call counters. */
  name: string;
  /** Before the dot of `X-Amz-Target`; absent: query and XML only. */
  target?: string;
  /** `Version` and namespace of query and XML; absent: JSON only. */
  query?: { version: string; namespace: string };
  operations: Map<string, Operation>;
}

export const operationMap = (
  operations: readonly Operation[],
): Map<string, Operation> =>
  new Map(operations.map(operation => [nameOf(operation.shape), operation]));

/** True for records of the call's account and region. */
export const isHere =
  (call: AwsCall) =>
  (record: AwsPlace): boolean =>
    record.accountId === call.place.accountId &&
    record.region === call.place.region;
