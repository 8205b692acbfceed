import type { Express } from 'express';
import { Refused, type FakeGithub } from './FakeGithub';
import type { FakeAccount } from './FakeRepository';

function account({ id, login, nodeId, type }: FakeAccount) {
  return { id, login, node_id: nodeId, type };
}

/** Accounts, the organisation and its teams. */
export function addPeopleRoutes(app: Express, github: FakeGithub): void {
  const team = (org: string, slug: string) => {
    const found =
      org === github.organisation ? github.teams.get(slug) : undefined;
    if (!found) throw new Refused(404, 'Not Found');
    return found;
  };

  app.get(
    '/user',
    github.answer(req => {
      const caller = github.caller(req);
      if (!caller) {
        throw new Refused(403, 'Resource not accessible by integration');
      }
      return account(caller);
    }),
  );
  app.get(
    '/users/:username',
    github.answer(req => {
      github.caller(req);
      const found = github.accounts.get(req.params.username.toLowerCase());
      if (!found) throw new Refused(404, 'Not Found');
      return account(found);
    }),
  );
  app.get(
    '/orgs/:org',
    github.answer(req => {
      github.caller(req);
      if (req.params.org !== github.organisation) {
        throw new Refused(404, 'Not Found');
      }
      const { organisation, plan } = github;
      return {
        id: 77,
        login: organisation,
        ...(plan && { plan: { name: plan } }),
      };
    }),
  );
  app.get(
    '/orgs/:org/teams/:slug',
    github.answer(req => {
      github.caller(req);
      const { id, slug } = team(req.params.org, req.params.slug);
      return { id, slug };
    }),
  );
  app.get(
    '/orgs/:org/teams/:slug/members',
    github.answer(req => {
      github.caller(req);
      return team(req.params.org, req.params.slug).members.flatMap(login => {
        const found = github.accounts.get(login);
        return found ? [account(found)] : [];
      });
    }),
  );
}
