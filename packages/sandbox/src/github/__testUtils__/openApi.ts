import Ajv, { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { existsSync, readFileSync } from 'fs';
import { resolve } from 'path';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** GitHub's OpenAPI description: `npm test` puts it there, `GITHUB_OPENAPI_FILE` names another place. */
export const OPENAPI_FILE =
  process.env.GITHUB_OPENAPI_FILE ??
  resolve(
    __dirname,
    '../../../../../.toolchain/schemas/node_modules/@octokit/openapi/generated/api.github.com.json',
  );

export function hasOpenApi(): boolean {
  return existsSync(OPENAPI_FILE);
}

/** OpenAPI 3.0 → JSON schema: `nullable` becomes a type, references point into the added schema. */
function convert(node: Json): Json {
  if (Array.isArray(node)) return node.map(convert);
  if (node === null || typeof node !== 'object') {
    return typeof node === 'string' && node.startsWith('#/components/')
      ? `github${node}`
      : node;
  }
  const { nullable, example: _, examples: __, ...rest } = node;
  const out: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(rest)) out[key] = convert(value);
  if (nullable !== true) return out;
  if (typeof out.type === 'string') {
    const values = out.enum;
    return {
      ...out,
      type: [out.type, 'null'],
      ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
    };
  }
  return { anyOf: [out, { type: 'null' }] };
}

interface OpenApi {
  components: { schemas: Json; responses: { [name: string]: Json } };
  paths: {
    [path: string]: {
      [method: string]: { responses: { [status: string]: Response } };
    };
  };
}

interface Response {
  $ref?: string;
  content?: { [type: string]: { schema: Json } };
}

/**
 * The description of this one list wants an account that is a person and an enterprise at the same time; the
 * component with the same name does not.
 */
const DOUBTFUL: Record<string, Json> = {
  'GET /app/installations 200': {
    type: 'array',
    items: { $ref: '#/components/schemas/installation' },
  },
};

/** Knows what GitHub answers on which route. */
export class OpenApiAnswers {
  private readonly description: OpenApi = JSON.parse(
    readFileSync(OPENAPI_FILE, 'utf8'),
  );
  private readonly ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateFormats: true,
  });
  private readonly known = new Map<string, ValidateFunction>();

  constructor() {
    addFormats(this.ajv);
    this.ajv.addSchema(
      {
        $id: 'github',
        components: { schemas: convert(this.description.components.schemas) },
      },
      'github',
    );
  }

  /** @returns the documented statuses; empty for a route GitHub does not have */
  statuses(method: string, template: string): string[] {
    return Object.keys(
      this.description.paths[template]?.[method.toLowerCase()]?.responses ?? {},
    );
  }

  /** What is wrong with a body, one line each; `undefined` when the status has no JSON body at GitHub. */
  problems(
    method: string,
    template: string,
    status: number,
    body: unknown,
  ): string[] | undefined {
    const found =
      this.description.paths[template]?.[method.toLowerCase()]?.responses[
        String(status)
      ];
    const response = found?.$ref
      ? (this.description.components.responses[
          found.$ref.split('/').pop() ?? ''
        ] as unknown as Response)
      : found;
    const schema =
      DOUBTFUL[`${method} ${template} ${status}`] ??
      response?.content?.['application/json']?.schema;
    if (!schema) return undefined;
    const key = `${method} ${template} ${status}`;
    let validate = this.known.get(key);
    if (!validate) {
      validate = this.ajv.compile(convert(schema) as object);
      this.known.set(key, validate);
    }
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      error => `${error.instancePath} ${error.message}`,
    );
  }
}
