/**
 * Calls `act` at once, and then at most once per `ms`; a call in between is made up for at the end of the pause.
 */
export function throttle(act: () => void, ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const pause = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (again) {
        again = false;
        act();
        pause();
      }
    }, ms);
  };
  return {
    call: () => {
      if (timer !== undefined) {
        again = true;
        return;
      }
      act();
      pause();
    },
    cancel: () => {
      if (timer !== undefined) clearTimeout(timer);
      timer = undefined;
      again = false;
    },
  };
}
