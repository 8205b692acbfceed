import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import express from 'express';
import Router from 'express-promise-router';

/** What figures are multiples of: an authenticated route that does nothing, and a route that only inserts a body. */
export default createBackendPlugin({
  pluginId: 'baseline',
  register(reg) {
    reg.registerInit({
      deps: {
        httpRouter: coreServices.httpRouter,
        httpAuth: coreServices.httpAuth,
        database: coreServices.database,
      },
      async init({ httpRouter, httpAuth, database }) {
        const knex = await database.getClient();
        if (knex.client.config.client === 'better-sqlite3') {
          await knex.raw('PRAGMA journal_mode=WAL');
          await knex.raw('PRAGMA synchronous=NORMAL');
        }
        if (!(await knex.schema.hasTable('bodies'))) {
          await knex.schema.createTable('bodies', table => {
            table.increments('id');
            table.text('body');
            table.bigInteger('at');
          });
        }
        const router = Router();
        router.get('/noop', async (req, res) => {
          await httpAuth.credentials(req, { allow: ['user'] });
          res.json({});
        });
        router.post(
          '/insert',
          express.raw({ type: () => true, limit: '25mb', inflate: false }),
          async (req, res) => {
            await knex('bodies').insert({
              body: (req.body as Buffer).toString('utf8'),
              at: Date.now(),
            });
            res.status(202).json({});
          },
        );
        httpRouter.use(router);
        httpRouter.addAuthPolicy({ path: '/insert', allow: 'unauthenticated' });
      },
    });
  },
});
