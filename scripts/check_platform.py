"""Say in one line, before anything is installed, that this machine cannot run Rapport."""

import importlib.util
import platform
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - told here, before an installer fails on it in ten lines
    sys.exit(f"Rapport needs Python 3.11 or newer; this is {platform.python_version()}.")
if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
    sys.exit(
        "Rapport starts its embedded Envoy and Redis on Linux (x86_64 or aarch64); "
        f"this is {platform.system()} on {platform.machine()}."
    )
if platform.libc_ver()[0] != "glibc":
    sys.exit("Rapport's embedded Envoy and Redis need glibc; this Linux uses another C library.")
if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
    sys.exit(
        "This Python cannot make virtual environments; on Debian and Ubuntu: apt install "
        f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    )
