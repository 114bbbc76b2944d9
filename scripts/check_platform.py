"""Say in one line, before anything is installed, that this machine cannot run Rapport."""

import platform
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - told here, before an installer fails on it in ten lines
    sys.exit(f"Rapport needs Python 3.11 or newer; this is {platform.python_version()}.")
if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
    sys.exit(
        "Rapport starts its embedded Envoy and Redis on Linux (x86_64 or aarch64); "
        f"this is {platform.system()} on {platform.machine()}."
    )
