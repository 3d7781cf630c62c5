"""Settings of the tests: a data folder of their own, keys and all; the rest is as it runs."""

import os
import shutil
import tempfile
from pathlib import Path

from hemiface_clinic.card import SHIPPED
from hemiface_clinic.vault.ring import make_keys

FOLDER = Path(tempfile.mkdtemp(prefix="hemiface-test-"))
os.environ["HEMIFACE_DATA"] = str(FOLDER)
make_keys(FOLDER / "keys")
for name in ("media", "media/work", "mail", "static"):
    (FOLDER / name).mkdir(mode=0o700)
shutil.copyfile(SHIPPED, FOLDER / "clinic.toml")

from hemiface_clinic.settings import *  # noqa: E402, F403

ALLOWED_HOSTS += ["testserver"]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
if not CONFIGURATION.database_url:  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": FOLDER / "test.db"}  # noqa: F405 - threads share a file
STATIC_ROOT = FOLDER / "static"
# Every address is tried for everybody: thousands of "Not Found" would hide what failed.
LOGGING |= {  # noqa: F405
    "loggers": {"hemiface_clinic": {"level": "INFO"}, "django.request": {"level": "ERROR"}}
}
