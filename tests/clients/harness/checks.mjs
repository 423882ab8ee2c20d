// Named checks: each is told as it is made, and counted for the suite's last line.

export class Checks {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** Makes one check; `claim` throws (or rejects) when it does not hold. */
  async that(name, claim) {
    try {
      await claim();
      this.passed += 1;
      console.log(`ok      ${name}`);
    } catch (error) {
      this.failed += 1;
      console.log(`FAILED  ${name}\n        ${String(error?.message ?? error).replaceAll('\n', '\n        ')}`);
    }
  }

  skip(name, reason) {
    this.skipped += 1;
    console.log(`skipped ${name}: ${reason}`);
  }

  /** The last line of the suite. */
  toString() {
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    return `${this.passed} passed, ${this.failed} failed${skipped}`;
  }
}
