import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
} from 'yaml';
import {
  parseWorkflowYaml,
  tooDeep,
  WORKFLOW_LIMITS,
} from './parseWorkflowYaml';
import { readDispatch } from './readDispatch';
import {
  GraphRefusal,
  type Workflow,
  type WorkflowJob,
  type WorkflowReading,
} from './Workflow';

const JOB_KEY = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;

function badShape(where: string, expected: string): GraphRefusal {
  return new GraphRefusal(
    'workflow_invalid_shape',
    `The workflow file cannot be used: ${where} must be ${expected}.`,
  );
}

function isEmpty(node: Node | null | undefined): boolean {
  return (
    node === undefined ||
    node === null ||
    (isScalar(node) && node.value === null)
  );
}

class Reader {
  constructor(private readonly document: Document) {}

  workflow(): Workflow {
    const top = this.map(this.document.contents, 'the file');
    const entries = this.map(top.get('jobs'), '"jobs"');
    if (entries.size === 0) {
      throw new GraphRefusal(
        'workflow_no_jobs',
        'The workflow file has no jobs.',
      );
    }
    if (entries.size > WORKFLOW_LIMITS.jobs) {
      throw new GraphRefusal(
        'workflow_too_many_jobs',
        `The workflow file has ${entries.size} jobs; at most ${WORKFLOW_LIMITS.jobs} are drawn.`,
      );
    }
    const dispatch = readDispatch(top.get('on'), this);
    return {
      jobs: [...entries].map(([key, node]) => this.job(key, node)),
      ...(dispatch ? { dispatch } : {}),
    };
  }

  private job(key: string, node: unknown): WorkflowJob {
    if (!JOB_KEY.test(key)) {
      throw badShape(
        `the job key ${JSON.stringify(key.slice(0, 100))}`,
        'letters, digits, "-" and "_"',
      );
    }
    const where = `job "${key}"`;
    const job = this.map(node, where);
    return {
      key,
      needs: this.list(job.get('needs'), `"needs" of ${where}`),
      name: this.text(job.get('name'), `"name" of ${where}`),
      uses: this.text(job.get('uses'), `"uses" of ${where}`),
      matrix: this.hasMatrix(job.get('strategy'), where),
      environment: this.environment(job.get('environment'), where),
      if: this.text(job.get('if'), `"if" of ${where}`),
    };
  }

  private hasMatrix(node: unknown, where: string): boolean {
    const value = this.follow(node);
    if (isEmpty(value)) return false;
    // A whole strategy that is an expression may hold a matrix: treat it as one, its name patterns allow both.
    if (isScalar(value)) return true;
    return !isEmpty(
      this.follow(this.map(value, `"strategy" of ${where}`).get('matrix')),
    );
  }

  private environment(node: unknown, where: string): string | undefined {
    const value = this.follow(node);
    const what = `"environment" of ${where}`;
    return isMap(value)
      ? this.text(this.map(value, what).get('name'), what)
      : this.text(value, what);
  }

  private list(node: unknown, where: string): string[] {
    const value = this.follow(node);
    const items = isSeq(value) ? value.items : [value];
    if (items.length > WORKFLOW_LIMITS.needs) {
      throw badShape(where, `at most ${WORKFLOW_LIMITS.needs} names`);
    }
    const names = items
      .map(item => this.text(item, where))
      .filter(name => name !== undefined);
    return [...new Set(names)];
  }

  text(node: unknown, where: string): string | undefined {
    const value = this.follow(node);
    if (isEmpty(value)) return undefined;
    if (isScalar(value)) {
      const plain = value.value;
      if (typeof plain === 'string' && plain.length > WORKFLOW_LIMITS.text) {
        throw badShape(where, `at most ${WORKFLOW_LIMITS.text} characters`);
      }
      if (typeof plain === 'string') return plain === '' ? undefined : plain;
      // As written: `1.10` is a name, not the number 1.1.
      if (typeof plain === 'number' || typeof plain === 'boolean') {
        return value.source ?? String(plain);
      }
    }
    throw badShape(where, 'a text');
  }

  /** Entries of a map, in order. A Map, so that no key can reach a prototype. */
  map(node: unknown, where: string): Map<string, unknown> {
    const value = this.follow(node);
    if (!isMap(value)) throw badShape(where, 'a map');
    const entries = new Map<string, unknown>();
    for (const pair of value.items) {
      const key = this.key(pair.key, where);
      if (key === '<<') {
        throw new GraphRefusal(
          'workflow_merge_key',
          `The workflow file uses a YAML merge key ("<<") in ${where}, which GitHub Actions does not support.`,
        );
      }
      if (entries.has(key)) {
        throw new GraphRefusal(
          'workflow_duplicate_key',
          `The workflow file has the key ${JSON.stringify(
            key.slice(0, 100),
          )} twice in ${where}.`,
        );
      }
      entries.set(key, pair.value);
    }
    return entries;
  }

  private key(node: unknown, where: string): string {
    const value = this.follow(node);
    if (!isScalar(value)) throw badShape(`each key of ${where}`, 'a text');
    // In YAML 1.1 the library reads the merge key as a symbol.
    if (typeof value.value === 'symbol') return '<<';
    return typeof value.value === 'string'
      ? value.value
      : value.source ?? String(value.value);
  }

  follow(node: unknown): Node | null | undefined {
    if (isAlias(node)) {
      const value = node.resolve(this.document);
      if (value) return value;
      throw new GraphRefusal(
        'workflow_invalid_yaml',
        `The workflow file uses the alias "*${node.source.slice(
          0,
          100,
        )}", which it does not define.`,
      );
    }
    return node as Node | null | undefined;
  }
}

/**
 * Reads the jobs of a workflow file. The text is written by others and never trusted: it is neither evaluated nor turned into objects,
 * aliases are followed only where a value is read, and everything beyond {@link WORKFLOW_LIMITS} is refused. Never throws.
 *
 * @returns the workflow, or a problem with one of the codes `workflow_too_large`, `workflow_invalid_yaml`, `workflow_too_deep`,
 * `workflow_too_many_aliases`, `workflow_merge_key`, `workflow_duplicate_key`, `workflow_invalid_shape`, `workflow_no_jobs`,
 * `workflow_too_many_jobs`
 * @public
 */
export function readWorkflow(text: string): WorkflowReading {
  try {
    return { workflow: new Reader(parseWorkflowYaml(text)).workflow() };
  } catch (error) {
    if (error instanceof GraphRefusal) return { problem: error.toProblem() };
    if (error instanceof RangeError) return { problem: tooDeep().toProblem() };
    return {
      problem: {
        code: 'workflow_invalid_yaml',
        message: 'The workflow file cannot be read as YAML.',
      },
    };
  }
}
