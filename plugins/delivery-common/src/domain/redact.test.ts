import { createLogRedactor, MAX_LOG_LINE, redactLine } from './redact';

// Put together here, so that no scanner takes a test for a leak.
const many = (text: string, n: number) => text.repeat(n);
const github = `ghp_${many('a1', 18)}`;
const jwt = `eyJ${many('hbGci', 4)}.eyJ${many('zdWIi', 4)}.${many('s1g', 10)}`;
const awsId = `AKIA${many('A7', 8)}`;

describe('redactLine', () => {
  it.each([
    ['GitHub token', `using ${github} now`, 'using *** now'],
    ['OAuth token', `gho_${many('b2', 18)}`, '***'],
    ['installation token', `ghs_${many('b2', 18)}`, '***'],
    ['fine-grained token', `github_pat_${many('c3_', 20)}`, '***'],
    ['AWS key id', `id ${awsId}.`, 'id ***.'],
    [
      'AWS secret',
      `AWS_SECRET_ACCESS_KEY=${many('x/Y+', 10)}`,
      'AWS_SECRET_ACCESS_KEY=***',
    ],
    ['web token', `got ${jwt}!`, 'got ***!'],
    ['Slack token', `xoxb-${many('12-ab', 5)}`, '***'],
    [
      'credentials in an address',
      'git clone https://mona:p4ss@github.com/acme/pay',
      'git clone https://***@github.com/acme/pay',
    ],
    [
      'user token in an address',
      'https://abcdef@github.com/acme/pay',
      'https://***@github.com/acme/pay',
    ],
    ['header', 'Authorization: Basic bW9uYTpwYXNz', 'Authorization: ***'],
    [
      'header in quotes',
      `curl -H "authorization: Bearer abc def" https://x.test/a`,
      `curl -H "authorization: ***" https://x.test/a`,
    ],
    [
      'header in JSON',
      '{"Authorization":"token abc"}',
      '{"Authorization":"***"}',
    ],
    [
      'header in escaped JSON',
      '{\\"Authorization\\":\\"token abc\\"}',
      '{\\"Authorization\\":\\"***\\"}',
    ],
    ['bearer', 'sent Bearer abcdefghijkl to it', 'sent Bearer *** to it'],
    ['password', 'password=hunter2 user=mona', 'password=*** user=mona'],
    ['prefixed password', 'DB_PASSWORD: hunter2', 'DB_PASSWORD: ***'],
    [
      'password with blanks',
      `password="correct horse" next`,
      `password="***" next`,
    ],
    ['password in JSON', '{"password": "hunter2"}', '{"password": "***"}'],
    ['query', 'GET /a?token=abc&x=1', 'GET /a?token=***&x=1'],
    [
      'key on one line',
      'k="-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----" z',
      'k="***" z',
    ],
    [
      'token broken by an escape',
      `ghp_${many('a1', 9)}\u001b[0m${many('a1', 9)}`,
      '***',
    ],
    [
      'token broken by a zero-width space',
      `gh\u200bp_${many('a1', 18)}`,
      '***',
    ],
  ])('hides a %s', (_, line, expected) => {
    expect(redactLine(line)).toBe(expected);
  });

  it.each([
    'Run yarn test --coverage',
    'id-token: write',
    'see https://example.com/a?mail=mona@example.com',
    'commit 0123456789abcdef0123456789abcdef01234567',
    'tokens: 12, secrets: inherit',
    'the password was changed',
    '\tindented',
    '',
  ])('leaves %j as it is', line => {
    expect(redactLine(line)).toBe(line);
  });

  it('strips control characters except tab', () => {
    expect(
      redactLine(
        '\u001b[1;31mred\u001b[0m\ta\u0007b\u001b]0;title\u0007c\u202ed',
      ),
    ).toBe('red\tabcd');
  });

  it('hides what the caller knows, the longer first, but no short words', () => {
    expect(
      redactLine('open sesame, sesame and an ox', [
        'sesame',
        'open sesame',
        'ox',
      ]),
    ).toBe('***, *** and an ox');
  });

  it('hides each line of a known secret of several lines', () => {
    expect(redactLine('b: second part', ['first part\nsecond part'])).toBe(
      'b: ***',
    );
  });

  it('does not read replacement patterns in known secrets or lines', () => {
    expect(redactLine('$& and $1: a.cd', ['a.cd'])).toBe('$& and $1: ***');
  });

  it('cuts long lines and never shows half a token at the cut', () => {
    const line = `${many('word ', 3_000)}${many(
      'x',
      MAX_LOG_LINE * 2 - 15_010,
    )} ${github}`;
    const shown = redactLine(line);
    expect(shown).toHaveLength(MAX_LOG_LINE + ' … (line cut)'.length);
    expect(shown).not.toContain('ghp_');

    const atCut = `${many('a ', MAX_LOG_LINE / 2 - 5)}${github} rest`;
    expect(redactLine(atCut)).not.toContain('ghp_a1');
  });
});

describe('createLogRedactor', () => {
  it('hides a private key over many lines, and only it', () => {
    const { line } = createLogRedactor();
    const log = [
      '12:00 before -----BEGIN OPENSSH PRIVATE KEY-----',
      '12:00 b3BlbnNzaC1rZXktdjEAAAAA',
      '12:00 AAAEbm9uZQAAAAAAAAABAAAB',
      '12:00 -----END OPENSSH PRIVATE KEY----- after',
      '12:01 next',
    ];
    expect(log.map(line)).toEqual([
      '12:00 before ***',
      '***',
      '***',
      '*** after',
      '12:01 next',
    ]);
  });

  it('leaves public keys and certificates alone', () => {
    const { line } = createLogRedactor();
    expect(line('-----BEGIN CERTIFICATE-----')).toBe(
      '-----BEGIN CERTIFICATE-----',
    );
    expect(line('MIIB')).toBe('MIIB');
  });

  it('does not blank the whole log for a key that never ends', () => {
    const { line } = createLogRedactor();
    line('-----BEGIN PRIVATE KEY-----');
    const shown = Array.from({ length: 400 }, (_, i) => line(`line ${i}`));
    expect(shown[0]).toBe('***');
    expect(shown.at(-1)).toBe('line 399');
  });

  // A pattern that is quadratic takes minutes for these; the bound is generous for slow machines.
  it.each([
    ['eyJ-', 25_000],
    ['eyJaaaaaa.', 10_000],
    ['a', 100_000],
    ['password', 12_000],
    ['password="', 10_000],
    ['password = ', 9_000],
    ["token:'", 14_000],
    ['authorization ', 7_000],
    ['authorization:"', 7_000],
    ['bearer ', 14_000],
    ['https://a:b', 9_000],
    ['://', 33_000],
    ['-----BEGIN ', 9_000],
    ['-----BEGIN A PRIVATE KEY-----', 3_500],
    ['\u001b[', 50_000],
    ['\u001b]', 50_000],
    ['ghp_', 25_000],
    ['github_pat_', 9_000],
    ['xoxb-', 20_000],
    [' ', 100_000],
  ])('cuts a line of %j, 100 kB of it', (piece, n) => {
    const { line } = createLogRedactor(['known secret']);
    expect(line(many(piece, n)).length).toBeLessThanOrEqual(MAX_LOG_LINE + 100);
  });
});
