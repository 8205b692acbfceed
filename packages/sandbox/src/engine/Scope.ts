import type { JobRecord } from '../state';
import { concurrencyOf } from './concurrency';
import { inputValues } from './contexts';
import type { GroupMember } from './ConcurrencyGroups';
import { evaluateCondition, evaluateValue } from './expressions';
import {
  callOutputs,
  newLeg,
  nodeScope,
  resultOf,
  worst,
  type Leg,
  type Node,
  type Result,
} from './jobNodes';
import { expandMatrix, type MatrixLeg } from './matrix';
import type { RunPlayer } from './RunPlayer';
import type { LoadedWorkflow } from './WorkflowSource';

/** The jobs of one workflow file while it is played: of the run itself, or of a call of a reusable workflow. */
export class Scope {
  readonly #nodes: Map<string, Node>;
  #advancing = false;
  #again = false;
  #over = false;

  constructor(
    private readonly player: RunPlayer,
    private readonly loaded: LoadedWorkflow,
    private readonly inputs: Readonly<Record<string, unknown>>,
    private readonly prefix: { name: string; key: string },
    private readonly done: (
      result: Result,
      outputs: Record<string, string>,
    ) => void,
  ) {
    this.#nodes = new Map(
      [...loaded.file.jobs].map(([id, spec]) => [
        id,
        { spec, state: 'idle', result: 'success', outputs: {}, legs: [] },
      ]),
    );
  }

  /** Starts every job whose needs are over; ends the scope after the last one. */
  advance(): void {
    this.#again = true;
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#again) {
      this.#again = false;
      for (const node of this.#nodes.values()) {
        const ready = node.spec.needs.every(
          id => this.#nodes.get(id)?.state === 'done',
        );
        if (node.state === 'idle' && ready) this.#activate(node);
      }
    }
    this.#advancing = false;
    const all = [...this.#nodes.values()];
    if (!this.#over && all.every(({ state }) => state === 'done')) {
      this.#over = true;
      this.done(
        worst(all.map(({ result }) => result)),
        callOutputs(this.#nodes, this.loaded, this.#contexts()),
      );
    }
  }

  #contexts(): Record<string, unknown> {
    return { ...this.player.contexts, inputs: this.inputs };
  }

  #activate(node: Node): void {
    node.state = 'active';
    const scope = nodeScope(
      this.#nodes,
      node,
      this.#contexts(),
      () => this.player.cancelled,
    );
    let legs: MatrixLeg[] = [{}];
    try {
      if (!evaluateCondition(node.spec.if, scope)) {
        this.#skip(node);
        return;
      }
      if (node.spec.matrix !== undefined) {
        legs = expandMatrix(evaluateValue(node.spec.matrix, scope));
        if (legs.length === 0) throw new Error('Matrix is empty');
      }
      node.legs = legs.map((matrix, index) =>
        newLeg(node, this.loaded, this.prefix.name, scope, {
          matrix,
          index,
          total: legs.length,
        }),
      );
    } catch {
      // GitHub fails a job whose condition or matrix cannot be evaluated before it gets a runner.
      this.player.record(this.#key(node), this.#label(node), 'failure');
      this.#close(node, 'failure', {});
      return;
    }
    node.legs.forEach(leg => this.#prepare(node, leg));
    this.#startLegs(node);
  }

  #key(node: Node): string {
    return `${this.prefix.key}${node.spec.id}`;
  }

  #label(node: Node): string {
    return `${this.prefix.name}${node.spec.name ?? node.spec.id}`;
  }

  #skip(node: Node): void {
    this.player.record(this.#key(node), this.#label(node), 'skipped');
    this.#close(node, 'skipped', {});
  }

  /** Makes the record of the job, or takes over what an earlier attempt or the time before a restart left. */
  #prepare(node: Node, leg: Leg): void {
    const { player } = this;
    const key = this.#key(node);
    if (this.loaded.calls.has(node.spec.id)) {
      leg.cancel = () => {
        leg.state = 'done';
        node.result = worst([node.result, 'cancelled']);
        player.record(key, leg.name, 'cancelled');
      };
      return;
    }
    const known = player.known(key, leg.name);
    if (known?.status === 'completed') {
      player.adopt(known, node.spec);
      leg.state = 'done';
      this.#take(node, known);
      return;
    }
    leg.player = player.openJob(
      key,
      leg.name,
      node.spec,
      leg.scope,
      known,
      () => {
        const job = leg.player?.job;
        if (job) this.#take(node, job);
        this.#legDone(node, leg, resultOf(job?.conclusion ?? null));
      },
    );
    leg.cancel = () => leg.player?.cancel();
  }

  #take(node: Node, job: JobRecord): void {
    Object.assign(node.outputs, job.outputs);
    node.result = worst([node.result, this.#tolerant(node, job)]);
  }

  #tolerant(node: Node, job: JobRecord): Result {
    const result = resultOf(job.conclusion);
    const leg = node.legs.find(({ name }) => name === job.name);
    const tolerated =
      leg && evaluateValue(node.spec.continueOnError, leg.scope) === true;
    return result === 'failure' && tolerated ? 'success' : result;
  }

  #startLegs(node: Node): void {
    const limit = Number(node.spec.maxParallel) || Infinity;
    let running = node.legs.filter(({ state }) => state === 'running').length;
    for (const leg of node.legs) {
      if (leg.state === 'open' && running < limit) {
        leg.state = 'running';
        running += 1;
        if (leg.player) leg.player.start();
        else this.#call(node, leg);
      }
    }
    if (
      node.state === 'active' &&
      node.legs.every(({ state }) => state === 'done')
    ) {
      this.#close(node, node.result, node.outputs);
    }
  }

  #call(node: Node, leg: Leg): void {
    const called = this.loaded.calls.get(node.spec.id);
    if (!called) throw new Error(`No workflow loaded for ${node.spec.id}`);
    const { player } = this;
    let inputs: Readonly<Record<string, unknown>>;
    let wanted: ReturnType<typeof concurrencyOf>;
    try {
      const given = evaluateValue(node.spec.with, leg.scope);
      inputs = inputValues(
        called.file.callInputs,
        given as Record<string, unknown>,
      );
      wanted = concurrencyOf(node.spec.concurrency, leg.scope);
    } catch {
      player.record(this.#key(node), leg.name, 'failure');
      node.result = 'failure';
      this.#legDone(node, leg, 'failure');
      return;
    }
    const key = wanted && `${player.repo.id}/${wanted.group}`;
    let over = false;
    const ended = (result: Result, outputs: Record<string, string>) => {
      if (over) return;
      over = true;
      Object.assign(node.outputs, outputs);
      node.result = worst([node.result, result]);
      this.#legDone(node, leg, result);
    };
    const member: GroupMember & { finish: typeof ended } = {
      finish: (result, outputs) => {
        ended(result, outputs);
        if (key) player.core.groups.leave(key, member);
      },
      begin: () => {
        const child = new Scope(
          player,
          called,
          inputs,
          { name: `${leg.name} / `, key: `${this.#key(node)}/` },
          member.finish,
        );
        leg.child = child;
        child.advance();
      },
      wait: () => {},
      cancel: () => {
        if (leg.child) leg.child.cancel();
        else {
          player.record(this.#key(node), leg.name, 'cancelled');
          member.finish('cancelled', {});
        }
      },
    };
    leg.cancel = () => member.cancel();
    if (wanted && key) {
      player.core.groups.enter(key, member, wanted);
    }
    if (!wanted) member.begin();
  }

  #legDone(node: Node, leg: Leg, result: Result): void {
    leg.state = 'done';
    const failFast = evaluateValue(node.spec.failFast, leg.scope) !== false;
    const tolerated =
      evaluateValue(node.spec.continueOnError, leg.scope) === true;
    if (result === 'failure' && failFast && !tolerated) {
      for (const other of node.legs) if (other.state !== 'done') other.cancel();
    }
    this.#startLegs(node);
  }

  #close(node: Node, result: Result, outputs: Record<string, string>): void {
    if (node.state === 'done') return;
    node.state = 'done';
    node.result = result;
    node.outputs = outputs;
    this.advance();
  }

  /** Cancels everything under way here and below. */
  cancel(): void {
    for (const node of this.#nodes.values()) {
      for (const leg of node.legs) if (leg.state !== 'done') leg.cancel();
    }
  }
}
