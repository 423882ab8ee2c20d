// Counts what held and what did not.

export class Report {
  passed = 0;
  failed = 0;

  /** One statement about the pages: `found` says what was seen when it does not hold. */
  check(what, holds, found = "") {
    if (holds) this.passed += 1;
    else this.fail(what, found);
  }

  fail(what, found) {
    this.failed += 1;
    console.log(`FAILED ${what}${found === "" ? "" : `: ${found}`}`);
  }

  /** Something that could not be looked at; it counts for nothing. */
  skip(what, why) {
    console.log(`skipped ${what}: ${why}`);
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
