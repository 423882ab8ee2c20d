// A process whose clock is wrong, as the clocks of tills and old phones are.

/** Makes `Date` run ahead by so many milliseconds. */
export function wrongClock(aheadMs) {
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...parts) {
      if (parts.length === 0) super(Right.now() + aheadMs);
      else super(...parts);
    }

    static now() {
      return Right.now() + aheadMs;
    }
  };
}
