// What time it is at records, as far as a phone can know.
//
// Records' time is learnt when the phone is connected, and kept as its distance from the phone's own clock. While the page
// is open the steady clock counts on from there, which nobody can set. It may stand still while the phone sleeps: only
// then does the phone's own clock say how long that was.
export const WRONG_MS = 20_000; // from here on the phone is told that its own clock is wrong
const SLEPT_MS = 2_000;

// The distance of records' clock from the phone's, in milliseconds: the answer was made about half way.
export const distance = (serverMs, sentMs, receivedMs) => serverMs - (sentMs + receivedMs) / 2;

// The clocks are given, so that both can be set by whoever tries this.
export const recordsClock = (distanceMs, wall = () => Date.now(), steady = () => performance.now()) => {
  let base; // { at: records' time then, wall and steady: what the phone's two clocks showed }
  const anchor = (at) => {
    base = { at, wall: wall(), steady: steady() };
  };

  // Unix time in milliseconds.
  const now = () => base.at + steady() - base.steady;

  // Records have just said what time it is.
  const learnt = (ms) => anchor(wall() + ms);

  // The page was hidden and is seen again: true if it slept, so that records are better asked again.
  const woken = () => {
    const slept = wall() - base.wall - (steady() - base.steady);
    anchor(now() + Math.max(0, slept));
    return slept > SLEPT_MS;
  };

  // By how much the phone's own clock is ahead (behind: below nought), in milliseconds.
  const ahead = () => wall() - now();

  learnt(distanceMs);
  return { now, learnt, woken, ahead };
};
