import { DockerfileParser } from 'dockerfile-ast';

const PINNED = /@sha256:[0-9a-f]{64}$/;
const SECRET = /(password|secret|token|api_?key|private_?key|credential)/i;
const ROOT = /^(root|0)(:|$)/;

/** What is wrong with a Dockerfile: a sentence each. */
export function dockerfileFindings(text: string): string[] {
  const file = DockerfileParser.parse(text);
  const findings: string[] = [];
  const stages = new Set<string>();
  for (const from of file.getFROMs()) {
    const image = from.getImage() ?? '';
    if (!stages.has(image) && !PINNED.test(image)) {
      findings.push(`FROM ${image} is not named by its digest`);
    }
    const stage = from.getBuildStage();
    if (stage) stages.add(stage);
  }
  if (file.getFROMs().length === 0) findings.push('there is no FROM');
  for (const copy of file.getCOPYs()) {
    const source = copy.getFromFlag()?.getValue();
    if (source && !stages.has(source) && !PINNED.test(source)) {
      findings.push(`COPY --from=${source} is not named by its digest`);
    }
  }
  for (const instruction of file.getInstructions()) {
    const keyword = instruction.getKeyword();
    const words = instruction
      .getArguments()
      .map(argument => argument.getValue());
    if (
      keyword === 'ADD' &&
      words.some(word => /^(https?|git|ssh):|^git@/.test(word))
    ) {
      findings.push(`ADD fetches ${words[0]}`);
    }
    if (
      (keyword === 'ENV' || keyword === 'ARG') &&
      words.some(word => SECRET.test(word.split('=')[0]))
    ) {
      findings.push(`${keyword} ${words[0].split('=')[0]} looks like a secret`);
    }
    if (
      keyword === 'RUN' &&
      /curl[^|]*\|\s*(ba)?sh\b|wget[^|]*\|\s*(ba)?sh\b/.test(words.join(' '))
    ) {
      findings.push('RUN feeds a download to a shell');
    }
  }
  const whole = `\n${text}`;
  const last = whole.slice(whole.toUpperCase().lastIndexOf('\nFROM '));
  const users = [...last.matchAll(/^\s*USER\s+(\S+)/gim)].map(
    ([, user]) => user,
  );
  const user = users.at(-1);
  if (user === undefined || ROOT.test(user))
    findings.push('the last USER is root');
  return findings;
}
