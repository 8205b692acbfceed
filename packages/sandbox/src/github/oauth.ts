import { randomBytes } from 'crypto';
import express, { Request, Response, Router } from 'express';
import { Account } from '../state';
import { UserApplication } from './gitHubApp';
import { GitHubContext } from './gitHubContext';
import { escapeHtml, page } from './html';

const CODE_MS = 10 * 60_000;

interface Grant {
  /** The application it was given to. */
  clientId: string;
  login: string;
  scopes: string[];
  redirectUri: string;
  expiresAt: number;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isHttpUrl(value: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(value).protocol);
  } catch {
    return false;
  }
}

/** People one can sign in as: everybody who is in a team. */
export function demoPeople(ctx: GitHubContext): Account[] {
  const members = new Set(ctx.store.teams.flatMap(team => team.members));
  const people = [...ctx.store.accounts.values()].filter(
    account => account.type === 'User',
  );
  const inTeams = people.filter(account => members.has(account.login));
  return inTeams.length > 0 ? inTeams : people;
}

/** GitHub answers as a form unless JSON is asked for, and with 200 even for errors. */
function answer(
  req: Request,
  res: Response,
  body: Record<string, string | number>,
) {
  res.setHeader('Cache-Control', 'no-store');
  if ((req.get('accept') ?? '').includes('json')) {
    res.json(body);
    return;
  }
  const form = new URLSearchParams(
    Object.entries(body).map(([key, value]) => [key, String(value)]),
  );
  res.type('application/x-www-form-urlencoded').send(form.toString());
}

/** The App people are asked to sign in to. */
function applicationOf(
  ctx: GitHubContext,
  clientId: string,
): UserApplication | undefined {
  return [ctx.app, ctx.provisioner].find(app => app.clientId === clientId);
}

/** The OAuth web flow, with a page to choose a person instead of a password. Sets no cookie. */
export function oauthRouter(ctx: GitHubContext): Router {
  const router = Router();
  const grants = new Map<string, Grant>();

  router.get('/login/oauth/authorize', (req, res) => {
    const redirectUri = text(req.query.redirect_uri);
    const application = applicationOf(ctx, text(req.query.client_id));
    if (!application) {
      res.status(404).send(page('Not found', '<h1>No such application</h1>'));
      return;
    }
    if (!isHttpUrl(redirectUri)) {
      res
        .status(400)
        .send(page('Bad request', '<h1>redirect_uri is missing or wrong</h1>'));
      return;
    }
    const chosen = text(req.query.login);
    if (chosen === '') {
      const items = demoPeople(ctx).map(person => {
        const query = new URLSearchParams();
        for (const [key, value] of Object.entries(req.query)) {
          if (typeof value === 'string') query.set(key, value);
        }
        query.set('login', person.login);
        return `<li><a href="?${escapeHtml(
          query.toString(),
        )}" aria-label="${escapeHtml(person.login)}">${escapeHtml(
          person.login,
        )}<span>${escapeHtml(person.name)}</span></a></li>`;
      });
      res.send(
        page(
          'Sign in',
          `<h1>Sign in to ${escapeHtml(
            application.name,
          )} as</h1><ul class="people">${items.join('')}</ul>`,
        ),
      );
      return;
    }
    const person = ctx.store.account(chosen);
    if (person?.type !== 'User') {
      res.status(404).send(page('Not found', '<h1>No such person</h1>'));
      return;
    }
    const now = ctx.store.clock.now();
    for (const [old, grant] of grants) {
      if (grant.expiresAt <= now) grants.delete(old);
    }
    const code = randomBytes(10).toString('hex');
    grants.set(code, {
      clientId: application.clientId,
      login: person.login,
      scopes: text(req.query.scope)
        .split(/[\s,]+/)
        .filter(Boolean),
      redirectUri,
      expiresAt: now + CODE_MS,
    });
    const target = new URL(redirectUri);
    target.searchParams.set('code', code);
    if (typeof req.query.state === 'string') {
      target.searchParams.set('state', req.query.state);
    }
    res.redirect(302, target.toString());
  });

  router.post(
    '/login/oauth/access_token',
    express.urlencoded({ extended: false }),
    express.json(),
    (req, res) => {
      const body: Record<string, unknown> = req.body ?? {};
      const basic = /^Basic (.+)$/.exec(req.get('authorization') ?? '');
      const [basicId, basicSecret] = basic
        ? Buffer.from(basic[1], 'base64').toString('utf8').split(':')
        : [];
      const id = text(body.client_id) || basicId;
      const secret = text(body.client_secret) || basicSecret;
      const application = applicationOf(ctx, id);
      if (!application || secret !== application.clientSecret) {
        answer(req, res, {
          error: 'incorrect_client_credentials',
          error_description:
            'The client_id and/or client_secret passed are incorrect.',
        });
        return;
      }
      let login: string;
      let scopes: string[];
      if (body.grant_type === 'refresh_token') {
        const used = ctx.tokens.useRefresh(text(body.refresh_token), id);
        if (!used) {
          answer(req, res, {
            error: 'bad_refresh_token',
            error_description:
              'The refresh token passed is incorrect or expired.',
          });
          return;
        }
        ({ login, scopes } = used);
      } else {
        const code = text(body.code);
        const grant = grants.get(code);
        // a code works once
        grants.delete(code);
        const redirect = text(body.redirect_uri);
        if (
          !grant ||
          grant.clientId !== id ||
          grant.expiresAt <= ctx.store.clock.now() ||
          (redirect !== '' && redirect !== grant.redirectUri)
        ) {
          answer(req, res, {
            error: 'bad_verification_code',
            error_description: 'The code passed is incorrect or expired.',
          });
          return;
        }
        ({ login, scopes } = grant);
      }
      const { access, refresh } = ctx.tokens.issueUser(login, scopes, id);
      const seconds = (at: number) =>
        Math.floor((at - ctx.store.clock.now()) / 1000);
      answer(req, res, {
        access_token: access.token,
        expires_in: seconds(access.expiresAt),
        refresh_token: refresh.token,
        refresh_token_expires_in: seconds(refresh.expiresAt),
        token_type: 'bearer',
        // a GitHub App's user token has no scopes: the App's permissions decide
        scope: '',
      });
    },
  );

  return router;
}
