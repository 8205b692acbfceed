import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isPair,
  isSeq,
  Lexer,
  Parser,
} from 'yaml';
import { GraphRefusal } from './Workflow';

/** How much of a workflow file is read; more is refused. @public */
export const WORKFLOW_LIMITS = {
  bytes: 512 * 1024,
  lexemes: 100_000,
  /** Characters of one YAML symbol: the parser explains every error inside it, so a long broken text takes it seconds. */
  lexeme: 65_536,
  depth: 40,
  aliases: 100,
  jobs: 300,
  needs: 300,
  /** Characters of a name, environment, condition or `uses`. */
  text: 1_000,
};

/**
 * Parses YAML that nobody vouches for.
 *
 * @throws GraphRefusal for everything beyond {@link WORKFLOW_LIMITS}, `RangeError` when the nesting exhausts the stack
 */
export function parseWorkflowYaml(text: string): Document {
  const { bytes } = WORKFLOW_LIMITS;
  // The second test costs memory, the first keeps it from being spent on what is too large anyway.
  if (text.length > bytes || new TextEncoder().encode(text).length > bytes) {
    throw new GraphRefusal(
      'workflow_too_large',
      `The workflow file is larger than ${bytes / 1024} KB.`,
    );
  }
  const document = compose(text);
  const error = document.errors.at(0);
  if (error) throw invalidYaml(text, error);
  checkSize(document);
  return document;
}

/**
 * The library's own `parseDocument` spends minutes on half a megabyte of quotes or brackets, because it explains each of the errors.
 * Here the parts are driven one by one and the first refusal ends it.
 */
function compose(text: string): Document {
  const parser = new Parser();
  const composer = new Composer({
    version: '1.2',
    merge: false,
    prettyErrors: false,
    // The library compares each key with each other one. Reader checks the maps that matter.
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const documents: Document[] = [];
  const keep = (found: Iterable<Document>) => {
    documents.push(...found);
    if (documents.length > 1) {
      throw new GraphRefusal(
        'workflow_invalid_yaml',
        'The workflow file holds more than one YAML document.',
      );
    }
  };
  const take = (token: CST.Token) => {
    if (token.type === 'error') {
      throw invalidYaml(text, { message: token.message, pos: [token.offset] });
    }
    keep(composer.next(token));
  };
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes++;
    if (lexemes > WORKFLOW_LIMITS.lexemes) {
      throw new GraphRefusal(
        'workflow_too_large',
        `The workflow file has more than ${WORKFLOW_LIMITS.lexemes} YAML symbols.`,
      );
    }
    if (lexeme.length > WORKFLOW_LIMITS.lexeme) {
      throw new GraphRefusal(
        'workflow_too_large',
        `The workflow file has a single value of more than ${WORKFLOW_LIMITS.lexeme} characters.`,
      );
    }
    for (const token of parser.next(lexeme)) take(token);
  }
  for (const token of parser.end()) take(token);
  keep(composer.end(true, text.length));
  return documents[0];
}

function invalidYaml(
  text: string,
  error: { message: string; pos: number[] },
): GraphRefusal {
  const line = text.slice(0, error.pos[0]).split('\n').length;
  const what = error.message.split('\n')[0].slice(0, 200);
  return new GraphRefusal(
    'workflow_invalid_yaml',
    `The workflow file is not valid YAML (line ${line}): ${what}.`,
  );
}

/** Walks without recursion, so that depth is measured before anything recurses into it. */
function checkSize(document: Document) {
  const stack: { node: unknown; depth: number }[] = [
    { node: document.contents, depth: 0 },
  ];
  let aliases = 0;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, depth } = next;
    if (depth > WORKFLOW_LIMITS.depth) throw tooDeep();
    if (isAlias(node)) {
      aliases++;
      if (aliases > WORKFLOW_LIMITS.aliases) {
        throw new GraphRefusal(
          'workflow_too_many_aliases',
          `The workflow file uses more than ${WORKFLOW_LIMITS.aliases} YAML aliases.`,
        );
      }
    } else if (isPair(node)) {
      stack.push({ node: node.key, depth }, { node: node.value, depth });
    } else if (isMap(node) || isSeq(node)) {
      for (const item of node.items)
        stack.push({ node: item, depth: depth + 1 });
    }
  }
}

/** The refusal of a file that is nested too deep. */
export function tooDeep(): GraphRefusal {
  return new GraphRefusal(
    'workflow_too_deep',
    `The workflow file is nested deeper than ${WORKFLOW_LIMITS.depth} levels.`,
  );
}
