/** What belongs to a line beside its message. Never put secrets or personal data here. */
export type Fields = Readonly<Record<string, string | number | boolean>>;

/** Writes one line of JSON for each event, which is what CloudWatch Logs Insights can search. */
export interface Log {
  info(message: string, fields?: Fields): void;
  error(message: string, error: unknown, fields?: Fields): void;
}

/** @param write - where the lines go; standard output unless a test listens */
export function createLog(
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Log {
  const put = (level: string, message: string, fields?: Fields): void =>
    write(
      JSON.stringify({
        ...fields,
        time: new Date().toISOString(),
        level,
        message,
      }),
    );
  return {
    info: (message, fields) => put("info", message, fields),
    error: (message, error, fields) =>
      put("error", message, {
        ...fields,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  };
}
