/**
 * Prints the contract as OpenAPI 3.1 to plugins/delivery-backend/openapi.yaml; `--check` only says whether the file is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as common from 'backstage-plugin-delivery-common';
import { stringify } from 'yaml';
import { z } from 'zod';

type Json = Record<string, unknown>;

const ROOT = join(__dirname, '..');
const FILE = join(ROOT, 'plugins/delivery-backend/openapi.yaml');

/** Zod marks every schema as a document of its own; inside OpenAPI it is a part. */
function withoutMarks({ $schema, $id, id, ...schema }: Json): Json {
  return schema;
}

function componentSchemas(): { registry: z.core.$ZodRegistry; schemas: Json } {
  const registry = z.registry<{ id: string }>();
  for (const [name, value] of Object.entries(common)) {
    if (value instanceof z.ZodObject && /^[a-z]\w+Schema$/.test(name)) {
      if (name.endsWith('QuerySchema')) continue;
      const id = name.slice(0, -'Schema'.length);
      registry.add(value, { id: `${id[0].toUpperCase()}${id.slice(1)}` });
    }
  }
  const { schemas } = z.toJSONSchema(registry, {
    uri: id => `#/components/schemas/${id}`,
  });
  return {
    registry,
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([id, schema]) => [
        id,
        withoutMarks(schema as Json),
      ]),
    ),
  };
}

function parameters(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  const { properties = {} } = z.toJSONSchema(schema);
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required:
      place === 'path' || !schema.shape[name].safeParse(undefined).success,
    schema: value,
  }));
}

/** The person's own token at the vendor, where an operation acts there. */
function tokenParameter(need: common.TokenNeed): Json[] {
  if (need === undefined) return [];
  return [
    {
      name: common.USER_TOKEN_HEADER,
      in: 'header',
      required: need === 'required',
      description:
        'The user token of the portal’s own application at the vendor; used once and kept nowhere.',
      schema: { type: 'string' },
    },
  ];
}

function requestBody(
  body: z.ZodObject | undefined,
  registry: z.core.$ZodRegistry,
): Json {
  if (!body) return {};
  const id = (registry.get(body) as { id?: string } | undefined)?.id;
  if (!id) throw new Error('The body of an operation must be exported.');
  return {
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { $ref: `#/components/schemas/${id}` } },
      },
    },
  };
}

function answer(
  response: z.ZodType | 'text',
  registry: z.core.$ZodRegistry,
): Json {
  if (response === 'text') {
    return {
      description: 'The text, as a stream',
      content: { 'text/plain': { schema: { type: 'string' } } },
    };
  }
  const id = (registry.get(response) as { id?: string } | undefined)?.id;
  if (!id) throw new Error('The response of an operation must be exported.');
  return {
    description: 'What was asked for',
    content: {
      'application/json': { schema: { $ref: `#/components/schemas/${id}` } },
    },
  };
}

/** One operation as OpenAPI has it. */
function operation(
  name: string,
  registry: z.core.$ZodRegistry,
): { path: string; method: string; body: Json } {
  const item = common.deliveryContract[name as keyof common.DeliveryContract];
  return {
    path: item.path.replace(/:([A-Za-z]+)/g, '{$1}'),
    method: item.method.toLowerCase(),
    body: {
      operationId: name,
      summary: item.summary,
      description: `Needs the permission ${item.permissions.join(', ')}.`,
      parameters: [
        ...parameters(item.params, 'path'),
        ...parameters(item.query, 'query'),
        ...tokenParameter(item.userToken),
      ],
      ...requestBody(item.body, registry),
      responses: {
        [item.status ?? 200]: answer(item.response, registry),
        default: { $ref: '#/components/responses/Error' },
      },
    },
  };
}

function webhook(): Json {
  return {
    post: {
      operationId: 'githubWebhook',
      summary: 'Takes in a delivery of GitHub',
      description:
        'Signed by the secret of the webhook; only there when a GitHub App or a webhook secret is configured.',
      security: [],
      parameters: [
        ['X-Hub-Signature-256', 'sha256= and the HMAC-SHA256 of the raw body'],
        ['X-GitHub-Event', 'Name of the event'],
        ['X-GitHub-Delivery', 'Id of the delivery'],
      ].map(([name, description]) => ({
        name,
        in: 'header',
        required: true,
        description,
        schema: { type: 'string' },
      })),
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { type: 'object' } } },
      },
      responses: {
        202: { description: 'Written down, known already, or dropped' },
        default: { $ref: '#/components/responses/Error' },
      },
    },
  };
}

function document(): Json {
  const { registry, schemas } = componentSchemas();
  const paths: Record<string, Json> = {};
  for (const name of Object.keys(common.deliveryContract)) {
    const { path, method, body } = operation(name, registry);
    paths[path] = { ...paths[path], [method]: body };
  }
  paths['/webhooks/github'] = webhook();
  return {
    openapi: '3.1.0',
    info: {
      title: 'Delivery',
      version: '1',
      description:
        'Pipeline runs of the services in the catalog. Printed from the contract in delivery-common; do not edit.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/delivery' }],
    security: [{ backstage: [] }],
    paths,
    components: {
      securitySchemes: { backstage: { type: 'http', scheme: 'bearer' } },
      responses: {
        Error: {
          description: 'What is wrong, in a sentence a person can act on',
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/Error' },
            },
          },
        },
      },
      schemas: {
        ...schemas,
        Error: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['name', 'message'],
              properties: {
                name: { type: 'string' },
                message: { type: 'string' },
                code: { type: 'string' },
                params: {
                  type: 'object',
                  additionalProperties: { type: 'string' },
                },
              },
            },
          },
        },
      },
    },
  };
}

function main(): number {
  const text = stringify(document(), { aliasDuplicateObjects: false });
  const name = relative(ROOT, FILE);
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, text);
    console.log(`Wrote ${name}.`);
    return 0;
  }
  let known = '';
  try {
    known = readFileSync(FILE, 'utf8');
  } catch {
    // A missing file is as far from the contract as can be.
  }
  if (known === text) return 0;
  console.error(`${name} is not what the contract says: run yarn openapi.`);
  return 1;
}

process.exitCode = main();
