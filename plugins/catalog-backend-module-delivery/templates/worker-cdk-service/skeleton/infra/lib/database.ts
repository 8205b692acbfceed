import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, type IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** The name of the database in the instance. */
export const databaseName = 'worker';

/** A small PostgreSQL. Its password is generated and lives in Secrets Manager only. */
export function createDatabase(
  scope: Construct,
  { vpc, settings }: { readonly vpc: IVpc; readonly settings: Settings },
): DatabaseInstance {
  const { service, environment, production } = settings;
  return new DatabaseInstance(scope, 'Database', {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    vpc,
    vpcSubnets: { subnets: vpc.privateSubnets },
    databaseName,
    credentials: Credentials.fromGeneratedSecret('worker', {
      // Under this path the execution role of the service may read.
      secretName: `${service}/${environment}/database`,
    }),
    multiAz: production,
    allocatedStorage: 20,
    maxAllocatedStorage: 100,
    storageEncrypted: true,
    publiclyAccessible: false,
    backupRetention: Duration.days(production ? 14 : 3),
    copyTagsToSnapshot: true,
    autoMinorVersionUpgrade: true,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
