import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APPROVAL_CHECKS } from './__testUtils__/decisionsApproval';
import { APPROVAL_PROOFS } from './__testUtils__/decisionsApprovalProofs';
import { TEST_CHECKS } from './__testUtils__/decisionsTests';
import { TASK_CHECKS } from './__testUtils__/decisionsTasks';
import { MESSAGE_CHECKS } from './__testUtils__/decisionsMessages';
import { ROLE_CHECKS } from './__testUtils__/decisionsRoles';
import { IMAGE_CHECKS } from './__testUtils__/decisionsImages';
import { CODE_PROOFS } from './__testUtils__/decisionsCodeProofs';
import { DEPLOYMENT_CHECKS } from './__testUtils__/decisionsDeployment';
import { DEPLOYMENT_PROOFS } from './__testUtils__/decisionsDeploymentProofs';
import { missingPlaces, readLines } from './__testUtils__/decisionsDocument';
import { WORKER_CHECKS } from './__testUtils__/decisionsWorker';
import { TERRAFORM_CHECKS } from './__testUtils__/decisionsTerraform';
import { TERRAFORM_PROOFS } from './__testUtils__/decisionsTerraformProofs';
import { WORKER_PROOFS } from './__testUtils__/decisionsWorkerProofs';
import { renderAll, type Output } from './__testUtils__/decisionsOutput';
import type { Check, Proof } from './__testUtils__/decisionsProof';
import { RIGHTS_CHECKS } from './__testUtils__/decisionsRights';
import { RIGHTS_PROOFS } from './__testUtils__/decisionsRightsProofs';
import { SUPPLY_CHECKS } from './__testUtils__/decisionsSupply';
import { SUPPLY_PROOFS } from './__testUtils__/decisionsSupplyProofs';

jest.setTimeout(120_000);

const CHECKS: Readonly<Record<string, Check>> = {
  ...DEPLOYMENT_CHECKS,
  ...APPROVAL_CHECKS,
  ...RIGHTS_CHECKS,
  ...SUPPLY_CHECKS,
  ...TEST_CHECKS,
  ...TASK_CHECKS,
  ...MESSAGE_CHECKS,
  ...ROLE_CHECKS,
  ...IMAGE_CHECKS,
  ...WORKER_CHECKS,
  ...TERRAFORM_CHECKS,
};

/** Each proof with the line it belongs to; a line may have proofs in several tables. */
const PROOFS: readonly { id: string; proof: Proof }[] = [
  DEPLOYMENT_PROOFS,
  APPROVAL_PROOFS,
  RIGHTS_PROOFS,
  SUPPLY_PROOFS,
  CODE_PROOFS,
  WORKER_PROOFS,
  TERRAFORM_PROOFS,
].flatMap(proofs =>
  Object.entries(proofs).flatMap(([id, all]) =>
    all.map(proof => ({ id, proof })),
  ),
);

const count = (letter: string, last: number) =>
  Array.from({ length: last }, (_, index) => `${letter}-${index + 1}`);

const DEFECTS = [
  ...count('V', 38),
  ...count('S', 25),
  ...count('C', 8),
  ...count('F', 18),
  ...count('E', 29),
];
const EXTRA = [...count('X', 14), ...count('O', 11), ...count('K', 9)];

const lines = readLines();
const decided = lines.filter(({ id }) => id !== '');

describe('the documents about pipeline decisions', () => {
  it('have one line for each defect and each rule', () => {
    expect(DEFECTS).toHaveLength(118);
    expect(decided.map(({ id }) => id).sort()).toEqual(
      [...DEFECTS, ...EXTRA].sort(),
    );
  });

  it('say what each line is about and what was decided', () => {
    expect(
      lines.filter(
        ({ about, decision }) => about.length < 5 || decision.length < 3,
      ),
    ).toEqual([]);
  });

  it('say that nothing renders what shop-api needs', () => {
    const shop = lines.filter(
      ({ id, about }) => id.startsWith('S-') || about.startsWith('S: '),
    );
    expect(shop).toHaveLength(26);
    for (const { decision, places } of shop) {
      expect([decision, places]).toEqual(['codepipeline-service, not yet', []]);
    }
  });

  it('name the requirements of every system', () => {
    const systems = lines
      .filter(({ id }) => id === '')
      .map(({ about }) => about[0]);
    expect(new Set(systems)).toEqual(new Set(['V', 'S', 'C', 'F', 'E']));
  });

  it.each(
    decided
      .filter(({ id }) => !id.startsWith('S-'))
      .map(line => [line.id, line] as const),
  )('tell how %s is checked', (id, { checks }) => {
    const proven = new Set(
      PROOFS.filter(one => one.id === id).map(({ proof }) => proof[0]),
    );
    const tests = checks.filter(name => name.endsWith('.test.ts'));
    expect(tests.filter(name => !existsSync(join(__dirname, name)))).toEqual(
      [],
    );
    const named = checks.filter(
      name => name !== 'read' && !tests.includes(name),
    );
    expect(new Set(named)).toEqual(proven);
    expect(checks.includes('read')).toBe(proven.size + tests.length === 0);
  });
});

describe('the rendered output', () => {
  let output: Output;
  beforeAll(async () => {
    output = await renderAll();
  });

  it('has every place that a line names', () => {
    const placed = lines.filter(
      ({ id, about }) => !id.startsWith('S-') && !about.startsWith('S: '),
    );
    expect(
      placed
        .filter(({ places }) => places.length === 0)
        .map(({ id, about }) => id || about),
    ).toEqual([]);
    const missing = placed.flatMap(({ id, about, places }) =>
      places
        .flatMap(place => missingPlaces(output, place))
        .map(sentence => `${id || about}: ${sentence}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(CHECKS))('keeps %s', (_name, check) => {
    expect(check(output)).toEqual([]);
  });

  it.each(
    PROOFS.map(({ id, proof: [name, defect] }) => [id, name, defect] as const),
  )('would not, with the defect %s (%s)', (_id, name, defect) => {
    const found = CHECKS[name](defect(output));
    expect(found).not.toEqual([]);
  });
});

describe('the checks', () => {
  it('are all proven', () => {
    const proven = new Set(PROOFS.map(({ proof }) => proof[0]));
    expect(Object.keys(CHECKS).filter(name => !proven.has(name))).toEqual([]);
  });

  it('reach most of the defects', () => {
    const reached = new Set(
      PROOFS.map(({ id }) => id).filter(id => DEFECTS.includes(id)),
    );
    expect(reached.size).toBeGreaterThanOrEqual(85);
  });
});
