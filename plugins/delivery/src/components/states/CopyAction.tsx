import { useEffect, useState } from 'react';
import { Action, CopyIcon } from '../../ui';

/** Copies a text and says so for a moment. */
export function CopyAction(props: {
  text: string;
  label: string;
  done: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Action
      icon={<CopyIcon fontSize="small" />}
      onClick={() =>
        navigator.clipboard?.writeText(props.text).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      {copied ? props.done : props.label}
    </Action>
  );
}
