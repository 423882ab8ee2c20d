"""Named checks: each is told as it is made, and counted for the suite's last line."""

import sys
import traceback


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, name, claim):
        """Makes one check; `claim` raises when it does not hold, and may return figures to be told."""
        try:
            figures = claim()
        except AssertionError as error:
            self._fail(name, str(error) or traceback.format_exc())
        except Exception:  # A check that cannot be made has failed.
            self._fail(name, traceback.format_exc())
        else:
            self.passed += 1
            told = f": {figures}" if isinstance(figures, str) else ""
            print(f"ok      {name}{told}", flush=True)

    def _fail(self, name, why):
        self.failed += 1
        indented = why.rstrip().replace("\n", "\n        ")
        print(f"FAILED  {name}\n        {indented}", flush=True)

    def end(self):
        """Prints the suite's last line and ends the program."""
        print(f"\n{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(0 if self.failed == 0 else 1)


def same(found, expected, what):
    """Raises with both sides if they differ."""
    if found != expected:
        raise AssertionError(f"{what}: {found!r}, expected {expected!r}")


def some(items, most=5):
    """A few of them, for a message."""
    items = list(items)
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return f"{items[:most]}{more}"
