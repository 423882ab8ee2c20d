// Counts what held and what did not.

export class Report {
  passed = 0;
  failed = 0;
  /** The lines of a part, which are said when it is joined; `null` says each at once. */
  kept = null;

  /** One statement about the pages: `found` says what was seen when it does not hold. */
  check(what, holds, found = "") {
    if (holds) this.passed += 1;
    else this.fail(what, found);
  }

  fail(what, found) {
    this.failed += 1;
    this.say(`FAILED ${what}${found === "" ? "" : `: ${found}`}`);
  }

  /** Something that could not be looked at; it counts for nothing. */
  skip(what, why) {
    this.say(`skipped ${what}: ${why}`);
  }

  say(line) {
    if (this.kept) this.kept.push(line);
    else console.log(line);
  }

  /** A report of what runs beside others: joined in a fixed order, the whole reads the same every time. */
  part() {
    const part = new Report();
    part.kept = [];
    return part;
  }

  join(part) {
    this.passed += part.passed;
    this.failed += part.failed;
    for (const line of part.kept) this.say(line);
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
