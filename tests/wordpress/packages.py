"""Debian's packages for a WordPress on this machine: which are absent, and installing them.

WordPress itself comes as its package left it; nothing is downloaded from wordpress.org.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

WORDPRESS = Path("/usr/share/wordpress")
# A theme of the classic kind with comments: most blogs of the web look like it from inside.
THEME = "twentytwentyone"

# mariadbd lives where only root's PATH may look.
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])


def program(name: str) -> str:
    """Return where the program is, or its name where it is absent."""
    return shutil.which(name, path=_PATH) or name


def missing_packages() -> list[str]:
    """Return the packages that the site needs and that are not installed.

    php-xml is there for the sitemaps: without it WordPress answers them with an error 501.
    """
    present = {
        "wordpress": (WORDPRESS / "wp-load.php").exists(),
        "wordpress-l10n": (WORDPRESS / "wp-content/languages/fr_FR.mo").exists(),
        f"wordpress-theme-{THEME}": (WORDPRESS / "wp-content/themes" / THEME).exists(),
        "mariadb-server": shutil.which("mariadbd", path=_PATH) is not None,
    }
    php = shutil.which("php")
    modules = subprocess.check_output([php, "-m"], text=True).split() if php else []
    present["php-cli"] = php is not None
    present["php-mysql"] = "mysqli" in modules
    present["php-xml"] = "SimpleXML" in modules
    return [package for package, is_present in present.items() if not is_present]


def may_install() -> bool:
    """Whether this is Debian on continuous integration: a machine to change, and we are root."""
    is_ci = os.environ.get("CI") == "true"
    return is_ci and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Install the packages with apt-get.

    Raises:
        subprocess.CalledProcessError: apt-get has said on stderr what went wrong.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
