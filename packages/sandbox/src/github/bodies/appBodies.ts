import { Account } from '../../state';
import { DeliveryRecord, TokenRecord } from '../../store/records';
import { GitHubContext } from '../gitHubContext';
import { installationIdOf, OTHER_APPLICATION } from '../gitHubApp';
import { simpleUser, userOf } from './accountBodies';
import { repository } from './repoBodies';
import { iso, Schema } from './schemas';

/** GitHub's description knows each level of each permission; the App's are a plain table. */
type AppPermissions = NonNullable<
  Schema<'nullable-integration'>
>['permissions'];

export function app(
  ctx: GitHubContext,
  which: { id: number; slug: string; name: string } = ctx.app,
): NonNullable<Schema<'nullable-integration'>> {
  return {
    id: which.id,
    slug: which.slug,
    node_id: `A_${Buffer.from(which.slug).toString('base64url')}`,
    client_id: which.id === ctx.app.id ? ctx.app.clientId : undefined,
    owner: userOf(ctx, 'github'),
    name: which.name,
    description: '',
    external_url: ctx.baseUrl,
    html_url: `${ctx.baseUrl}/apps/${which.slug}`,
    created_at: iso(ctx.app.createdAt),
    updated_at: iso(ctx.app.createdAt),
    permissions: ctx.app.permissions as AppPermissions,
    events: ctx.app.events,
  };
}

export function installation(
  ctx: GitHubContext,
  account: Account,
): Schema<'installation'> {
  const id = installationIdOf(account);
  const api = `${ctx.baseUrl}/api/v3`;
  return {
    id,
    account: simpleUser(ctx, account),
    access_tokens_url: `${api}/app/installations/${id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${ctx.baseUrl}/organizations/${account.login}/settings/installations/${id}`,
    app_id: ctx.app.id,
    client_id: ctx.app.clientId,
    app_slug: ctx.app.slug,
    target_id: account.id,
    target_type: account.type,
    repository_selection: 'all',
    permissions: ctx.app.permissions,
    events: ctx.app.events,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    created_at: iso(ctx.app.createdAt),
    updated_at: iso(ctx.app.createdAt),
    suspended_by: null,
    suspended_at: null,
  };
}

export function installationToken(
  ctx: GitHubContext,
  record: TokenRecord,
): Schema<'installation-token'> {
  const ids = record.repositoryIds;
  return {
    token: record.token,
    expires_at: iso(record.expiresAt),
    permissions: record.permissions,
    repository_selection: ids ? 'selected' : 'all',
    ...(ids
      ? {
          repositories: ids.flatMap(id => {
            const repo = ctx.store.repos.get(id);
            return repo ? [repository(ctx, repo)] : [];
          }),
        }
      : {}),
  };
}

/** Answer of `POST /applications/{client_id}/token` for a valid token. */
export function authorization(
  ctx: GitHubContext,
  record: TokenRecord,
): Schema<'authorization'> {
  const client =
    [OTHER_APPLICATION, ctx.provisioner].find(
      known => known.clientId === record.clientId,
    ) ?? ctx.app;
  return {
    id: ctx.app.id,
    url: `${ctx.baseUrl}/api/v3/authorizations/${ctx.app.id}`,
    scopes: record.scopes,
    token: record.token,
    token_last_eight: record.token.slice(-8),
    hashed_token: '',
    app: {
      client_id: client.clientId,
      name: client.name,
      url: ctx.baseUrl,
    },
    note: null,
    note_url: null,
    created_at: iso(record.createdAt),
    updated_at: iso(record.createdAt),
    expires_at: iso(record.expiresAt),
    fingerprint: null,
    user: userOf(ctx, record.login),
    installation: null,
  };
}

export function hookDelivery(
  record: DeliveryRecord,
): Schema<'hook-delivery-item'> {
  return {
    id: record.id,
    guid: record.guid,
    // deliveries are the one place with fractions of a second on GitHub's wire
    delivered_at: new Date(record.deliveredAt).toISOString(),
    redelivery: record.redelivery,
    duration: record.duration,
    status: record.status,
    status_code: record.statusCode,
    event: record.event,
    action: record.action,
    installation_id: record.installationId,
    repository_id: record.repositoryId,
    throttled_at: null,
  };
}
