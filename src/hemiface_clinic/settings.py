"""Django's settings. What differs between installations is in `configuration`."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.configuration import databases, email, read_configuration, read_timezone
from hemiface_clinic.site import headers
from hemiface_clinic.vault.ring import read_secret_key

HERE = Path(__file__).parent
CONFIGURATION = read_configuration()
SECRET_KEY = read_secret_key(CONFIGURATION.keys)
CLINIC_CARD = CONFIGURATION.card
KEYS_ROOT = CONFIGURATION.keys
MEDIA_ROOT = CONFIGURATION.media
PUBLIC_URL = CONFIGURATION.public_url
TRUSTED_PROXIES = CONFIGURATION.proxies

DEBUG = False
ALLOWED_HOSTS = list(CONFIGURATION.hosts)
ROOT_URLCONF = "hemiface_clinic.urls"
WSGI_APPLICATION = "hemiface_clinic.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": databases(CONFIGURATION)}

INSTALLED_APPS = [
    "hemiface_clinic.site",
    "hemiface_clinic.vault",
    "hemiface_clinic.audit",
    "hemiface_clinic.limits",
    "hemiface_clinic.jobs",
    "hemiface_clinic.people",
    "hemiface_clinic.uploads",
    "hemiface_clinic.recordings",
    "hemiface_clinic.diary",
    "hemiface_clinic.treatments",
    "hemiface_clinic.findings",
    "hemiface_clinic.scales",
    "hemiface_clinic.course",
    "hemiface_clinic.mri",
    "hemiface_clinic.questions",
    "hemiface_clinic.knowledge",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

# The outermost comes first. A public page is answered before anything that costs time.
MIDDLEWARE = [
    "hemiface_clinic.site.addresses.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "hemiface_clinic.site.public.PublicPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hemiface_clinic.site.headers.PrivateHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "hemiface_clinic.people.sessions.SessionLimits",
    "hemiface_clinic.people.gate.Gate",
    "hemiface_clinic.diary.leaving.ForgetAtLogOut",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates", HERE],  # HERE for the drawings beside the knowledge pages
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hemiface_clinic.site.context.clinic",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "hemiface_clinic.site.forms.Renderer"

# People, and how they prove who they are.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home-of-user"
ACCOUNT_ADAPTER = "hemiface_clinic.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with an invitation sent to the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to who has no account
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "hemiface_clinic.people.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "hemiface_clinic.people.second_factor_forms.LogInForm",
    "reauthenticate": "hemiface_clinic.people.second_factor_forms.ConfirmForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIGURATION.is_secure  # passkeys on 127.0.0.1
MFA_TOTP_ISSUER = "hemiface"
USERSESSIONS_TRACK_ACTIVITY = True

# Cookies, headers, what a page may load.
SESSION_COOKIE_NAME = "__Host-session" if CONFIGURATION.is_secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if CONFIGURATION.is_secure else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.is_secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_AGE = None  # until the browser is closed
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "hemiface_clinic.site.errors.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIGURATION.is_secure else 0
SECURE_SSL_REDIRECT = CONFIGURATION.is_secure
SECURE_REFERRER_POLICY = "same-origin"  # with none at all, browsers send no Origin to check
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Words.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("hi", _("Hindi"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = read_timezone(CONFIGURATION.card)

# Files.
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STATIC_ROOT = HERE / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ADD_HEADERS_FUNCTION = headers.add_to_file
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 2  # an MRI may be two files
LARGEST_FORM, LARGEST_FILM = 1_000_000, 205_000_000  # bytes of a whole request
LARGEST_UPLOAD, LARGEST_PART = 4_000_000_000, 9_000_000  # bytes of a file sent in parts; of one
LARGEST_MRI = 200_000_000  # bytes of the pictures together
FILE_UPLOAD_TEMP_DIR = CONFIGURATION.media / "work"  # nobody else can read there
FILE_UPLOAD_HANDLERS = [
    "hemiface_clinic.recordings.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# In the database, so that a limit on log-ins holds across processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # a small one forgets counters under attack
    }
}
SEALED_STORES = [
    "hemiface_clinic.vault.columns.Columns",
    "hemiface_clinic.people.second_factors.SecondFactors",
    "hemiface_clinic.vault.files.SealedFiles",
]
DEFAULT_FROM_EMAIL = f"no-reply@{CONFIGURATION.host}"
for _name, _value in email(CONFIGURATION).items():
    globals()[_name] = _value

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"hemiface_clinic": {"level": "INFO"}},
}
