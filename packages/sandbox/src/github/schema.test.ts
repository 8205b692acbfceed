import {
  hasOpenApi,
  OPENAPI_FILE,
  OpenApiAnswers,
} from './__testUtils__/openApi';
import {
  authorizations,
  Question,
  questionsFor,
} from './__testUtils__/questions';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';

/** Routes whose answer is no JSON, with the status they have. */
const REDIRECTS = [302];

const describeWithSchema = hasOpenApi() ? describe : describe.skip;
if (!hasOpenApi()) {
  process.stdout.write(
    `Answers are not compared with GitHub's OpenAPI description: there is no ${OPENAPI_FILE}. "npm test" fetches it.\n`,
  );
}

describeWithSchema(
  'every answer, compared with GitHub’s OpenAPI description',
  () => {
    let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
    let answers: OpenApiAnswers;
    let headers: Record<string, string>;
    let questions: Record<string, Question>;

    async function ask(template: string, question: Question) {
      const [method] = template.split(' ');
      const path =
        typeof question.path === 'string' ? question.path : question.path();
      const response = await fetch(`${sandbox.url}/api/v3${path}`, {
        method,
        redirect: 'manual',
        headers: {
          authorization: headers[question.as ?? 'dana'],
          'content-type': 'application/json',
          ...(question.accept ? { accept: question.accept } : {}),
        },
        body: question.body ? JSON.stringify(question.body) : undefined,
      });
      const text = await response.text();
      const type = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        body:
          type.includes('json') && text !== '' ? JSON.parse(text) : undefined,
      };
    }

    beforeAll(async () => {
      sandbox = await startSmallSandbox();
      answers = new OpenApiAnswers();
      headers = await authorizations(sandbox);
      questions = await questionsFor(sandbox, headers);
    });

    afterAll(() => sandbox?.stop());

    it('has a question for every route', () => {
      expect(Object.keys(questions).sort()).toEqual(
        [...sandbox.api.templates].sort(),
      );
    });

    it('answers every question as GitHub describes it', async () => {
      const wrong: Record<string, unknown> = {};
      for (const [template, question] of Object.entries(questions)) {
        const [method, route] = template.split(' ');
        const { status, body } = await ask(template, question);
        const want = question.status ?? 200;
        if (status !== want) {
          wrong[template] = { status, body };
          continue;
        }
        // the root of the contents and the archives have an address of their own at GitHub
        const described = route.endsWith('/contents')
          ? `${route}/{path}`
          : route;
        const problems = answers.problems(method, described, status, body);
        if (problems && problems.length > 0)
          wrong[template] = problems.slice(0, 20);
        if (!problems && body !== undefined && !REDIRECTS.includes(status)) {
          wrong[
            template
          ] = `GitHub has no JSON body for ${status}: ${answers.statuses(
            method,
            described,
          )}`;
        }
      }
      expect(wrong).toEqual({});
      // each answer's schema is compiled once
    }, 60_000);

    it('notices an answer that is wrong', () => {
      const template = '/repos/{owner}/{repo}/actions/runs';
      expect(
        answers.problems('GET', template, 200, {
          total_count: '1',
          workflow_runs: [{}],
        }),
      ).toEqual(
        expect.arrayContaining([
          '/total_count must be integer',
          "/workflow_runs/0 must have required property 'id'",
        ]),
      );
    });
  },
);
