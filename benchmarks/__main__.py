"""Print every figure of the README's table, one benchmark after another: python -m benchmarks."""

import subprocess
import sys

from benchmarks import site


def main():
    """Run the site's benchmark here, and the search's in a process of its own, for its memory's sake."""
    site.main()
    print("\n# similar proposals (python -m benchmarks.similarity)\n", flush=True)
    subprocess.run([sys.executable, "-m", "benchmarks.similarity"], check=False)


main()
