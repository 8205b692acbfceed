import type { ConformanceFacts, RuleAnswer } from '../facts';
import type { Pipeline } from '../Pipeline';
import { at, distinct, fail, pass, unknown } from '../tell';

/** `2.0.0` of `v2.0.0`; undefined for anything else. */
function numbersOf(version: string): number[] | undefined {
  const match = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version.trim());
  return match?.slice(1).map(Number);
}

/** Whether the first is older; undefined when that cannot be told. */
export function isOlder(version: string, newest: string): boolean | undefined {
  const [a, b] = [numbersOf(version), numbersOf(newest)];
  if (!a || !b) return undefined;
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs >= 0 && a[differs] < b[differs];
}

const PINNED =
  /uses:\s*([\w.-]+\/[\w.-]+)\/\S+@[0-9a-f]{40}\s+#\s*(v?\d[\w.]*)/;

/** Lines that call the organisation's workflows, with the version their comment tells. */
function pinned(facts: ConformanceFacts, repository: string) {
  return facts.workflows.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const match = PINNED.exec(line);
      return match && match[1].toLowerCase() === repository.toLowerCase()
        ? [{ path, line: index + 1, version: match[2] }]
        : [];
    }),
  );
}

/** The service has what the platform has learnt since. */
export function templateVersion(
  _pipeline: Pipeline,
  facts: ConformanceFacts,
): RuleAnswer {
  const { template, newest } = facts;
  const [id, version] = (template ?? '').split('@');
  const newestTemplate = newest?.templates?.[id];
  const workflows = newest?.workflows;
  const calls = workflows ? pinned(facts, workflows.repository) : [];
  const behind = calls.filter(
    call => workflows && isOlder(call.version, workflows.version),
  );
  const evidence = [
    ...(version && newestTemplate && isOlder(version, newestTemplate)
      ? [
          {
            path: 'catalog-info.yaml',
            text: `Made from ${id} ${version}; ${newestTemplate} is out.`,
          },
        ]
      : []),
    ...distinct(
      behind.map(call =>
        at(
          call,
          `Calls ${call.version} of ${workflows?.repository}; ${workflows?.version} is out.`,
        ),
      ),
    ),
  ];
  if (evidence.length > 0) {
    return fail(
      'Merge the pull request of Dependabot that raises the workflows; for the template, compare with a new service made from it.',
      evidence,
    );
  }
  if (!template && calls.length === 0) {
    return unknown('The service says of no template that it was made from it.');
  }
  if (!newestTemplate && calls.length === 0) {
    return unknown(
      'It is not known here which version of the template is the newest.',
    );
  }
  return pass({
    text: [template, ...new Set(calls.map(call => `workflows ${call.version}`))]
      .filter(Boolean)
      .join(', '),
  });
}
