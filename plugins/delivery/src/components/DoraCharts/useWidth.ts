import { useLayoutEffect, useRef, useState } from 'react';

/** Where nothing is laid out. */
const FALLBACK = 560;

/** Width of an element in pixels, also after it has changed. */
export function useWidth<TElement extends HTMLElement>() {
  const ref = useRef<TElement>(null);
  const [width, setWidth] = useState(FALLBACK);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = () =>
      setWidth(Math.floor(element.getBoundingClientRect().width) || FALLBACK);
    measure();
    if (typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
