import { Account, GitHubError } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import {
  app,
  authorization,
  hookDelivery,
  installation,
  installationToken,
} from '../bodies/appBodies';
import { repository } from '../bodies/repoBodies';
import { TokenRecord } from '../../store/records';
import { installedAccounts } from '../gitHubApp';

function findInstallation(call: Call): Account {
  call.asApp();
  const found = call.ctx.tokens.installationAccount(call.id('installation_id'));
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

/** The asked permissions; all of the App's when none are asked. */
function permissionsOf(call: Call): Record<string, string> {
  const granted = call.ctx.app.permissions;
  const { permissions } = call.json();
  if (permissions === undefined) return granted;
  if (typeof permissions !== 'object' || permissions === null) {
    throw new GitHubError(422, 'Invalid request.');
  }
  const asked: Record<string, string> = { metadata: 'read' };
  for (const [name, level] of Object.entries(permissions)) {
    const held = granted[name];
    if (!held || (level === 'write' && held !== 'write')) {
      throw new GitHubError(
        422,
        'The permissions requested are not granted to this installation.',
      );
    }
    asked[name] = String(level);
  }
  return asked;
}

function repositoryIdsOf(call: Call, owner: string): number[] | undefined {
  const { repository_ids: ids, repositories: names } = call.json();
  const own = [...call.ctx.store.repos.values()].filter(
    repo => repo.owner === owner,
  );
  const wanted = [
    ...(Array.isArray(ids) ? ids : []).map(id => own.find(r => r.id === id)),
    ...(Array.isArray(names) ? names : []).map(name =>
      own.find(r => r.name === name),
    ),
  ];
  if (wanted.length === 0) return undefined;
  return wanted.map(repo => {
    if (!repo) {
      throw new GitHubError(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    return repo.id;
  });
}

/**
 * The user token an application asks about.
 * @throws GitHubError 404 unless the application asks about a valid token of its own, 422 without a token
 */
function checkedToken(call: Call): TokenRecord {
  const { actor } = call;
  if (actor.kind !== 'client' || call.param('client_id') !== actor.clientId) {
    throw new GitHubError(404, 'Not Found');
  }
  const { access_token: token } = call.json();
  if (typeof token !== 'string') {
    throw new GitHubError(
      422,
      'Invalid request.\n\n"access_token" wasn\'t supplied.',
    );
  }
  const record = call.ctx.tokens.userToken(token, actor.clientId);
  if (!record) throw new GitHubError(404, 'Not Found');
  return record;
}

/** The App: who it is, its installations and tokens, its webhook deliveries. */
export function addAppRoutes(api: ApiRoutes): void {
  api.get('/app', call => {
    call.asApp();
    return {
      body: {
        ...app(call.ctx),
        installations_count: installedAccounts(call.ctx.store).length,
      },
    };
  });

  api.get('/app/installations', call => {
    call.asApp();
    return {
      body: call
        .page(installedAccounts(call.ctx.store))
        .map(account => installation(call.ctx, account)),
    };
  });

  api.get('/app/installations/{installation_id}', call => ({
    body: installation(call.ctx, findInstallation(call)),
  }));

  api.post('/app/installations/{installation_id}/access_tokens', call => {
    const account = findInstallation(call);
    const record = call.ctx.tokens.issueInstallation(
      account.login,
      permissionsOf(call),
      repositoryIdsOf(call, account.login),
    );
    return { status: 201, body: installationToken(call.ctx, record) };
  });

  for (const [template, ownerOf] of [
    [
      '/repos/{owner}/{repo}/installation',
      (call: Call) =>
        call.ctx.store.repo(call.param('owner'), call.param('repo'))?.owner,
    ],
    ['/orgs/{org}/installation', (call: Call) => call.param('org')],
  ] as const) {
    api.get(template, call => {
      call.asApp();
      const owner = ownerOf(call);
      const account = installedAccounts(call.ctx.store).find(
        a => a.login === owner,
      );
      if (!account) throw new GitHubError(404, 'Not Found');
      return { body: installation(call.ctx, account) };
    });
  }

  api.get('/installation/repositories', call => {
    const { actor } = call;
    if (actor.kind !== 'installation') {
      throw new GitHubError(
        403,
        'You must authenticate with an installation access token in order to list repositories for an installation.',
      );
    }
    const found = [...call.ctx.store.repos.values()].filter(
      repo =>
        repo.owner === actor.account.login &&
        (!actor.repositoryIds || actor.repositoryIds.includes(repo.id)),
    );
    return {
      body: {
        total_count: found.length,
        repository_selection: actor.repositoryIds ? 'selected' : 'all',
        repositories: call.page(found).map(r => repository(call.ctx, r)),
      },
    };
  });

  api.delete('/installation/token', call => {
    if (call.actor.kind !== 'installation') {
      throw new GitHubError(401, 'Requires authentication');
    }
    call.ctx.tokens.revoke(call.actor.token);
    return { status: 204 };
  });

  api.post('/applications/{client_id}/token', call => ({
    body: authorization(call.ctx, checkedToken(call)),
  }));

  api.delete('/applications/{client_id}/token', call => {
    call.ctx.tokens.revoke(checkedToken(call).token);
    return { status: 204 };
  });

  addDeliveryRoutes(api);
}

function addDeliveryRoutes(api: ApiRoutes): void {
  const base = '/app/hook/deliveries';

  api.get('/app/hook/config', call => {
    call.asApp();
    return {
      body: {
        content_type: 'json',
        insecure_ssl: '0',
        secret: '********',
        url: call.ctx.webhooks.url,
      },
    };
  });

  api.get(base, call => {
    call.asApp();
    const { perPage } = call.paging();
    const status = call.query('status');
    const cursor = call.query('cursor');
    const before = cursor && /^v1_(\d+)$/.exec(cursor)?.[1];
    if (cursor && !before) throw new GitHubError(422, 'Invalid cursor');
    const found = call.ctx.webhooks
      .newestFirst()
      .filter(
        d =>
          (!before || d.id < Number(before)) &&
          (!status || (d.status === 'OK') === (status === 'success')),
      );
    const shown = found.slice(0, perPage);
    if (found.length > perPage) {
      const next = call.selfUrl({
        cursor: `v1_${shown[shown.length - 1].id}`,
        page: undefined,
      });
      call.headers.Link = `<${next}>; rel="next"`;
    }
    return { body: shown.map(hookDelivery) };
  });

  api.get(`${base}/{delivery_id}`, async call => {
    call.asApp();
    const found = call.ctx.webhooks.find(call.id('delivery_id'));
    if (!found) throw new GitHubError(404, 'Not Found');
    const stored = await call.ctx.webhooks.read(found);
    return {
      body: {
        ...hookDelivery(found),
        url: call.ctx.webhooks.url,
        request: {
          headers: stored?.requestHeaders ?? null,
          payload: stored ? JSON.parse(stored.payload) : null,
        },
        response: {
          headers: stored?.responseHeaders ?? null,
          payload: stored?.responsePayload ?? null,
        },
      },
    };
  });

  api.post(`${base}/{delivery_id}/attempts`, async call => {
    call.asApp();
    const found = call.ctx.webhooks.find(call.id('delivery_id'));
    if (!found) throw new GitHubError(404, 'Not Found');
    if (!(await call.ctx.webhooks.redeliver(found))) {
      throw new GitHubError(422, 'The delivery can no longer be redelivered.');
    }
    return { status: 202, body: {} };
  });
}
