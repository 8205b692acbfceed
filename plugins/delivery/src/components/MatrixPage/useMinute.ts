import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

/** The present moment, once a minute: enough for a page of ages in minutes and days. */
export function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
