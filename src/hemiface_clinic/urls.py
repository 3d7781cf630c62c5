"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from hemiface_clinic.knowledge.urls import machine_urlpatterns
from hemiface_clinic.serve.health import healthz
from hemiface_clinic.site import views as site

handler400 = "hemiface_clinic.site.errors.bad_request"
handler403 = "hemiface_clinic.site.errors.forbidden"
handler404 = "hemiface_clinic.site.errors.not_found"
handler500 = "hemiface_clinic.site.errors.failed"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("clinic.vcf", site.vcard, name="vcard"),
    path("api/", include("hemiface_clinic.api")),
    *machine_urlpatterns,
    *i18n_patterns(
        path("", site.home, name="home"),
        path("privacy/", site.privacy, name="privacy"),
        path("accessibility/", site.accessibility, name="accessibility"),
        path("", include("hemiface_clinic.knowledge.urls")),
        path("", include("hemiface_clinic.questions.urls")),
        path("recordings/", include("hemiface_clinic.recordings.urls")),
        path("", include("hemiface_clinic.diary.urls")),
        path("", include("hemiface_clinic.treatments.urls")),
        path("", include("hemiface_clinic.findings.urls")),
        path("", include("hemiface_clinic.scales.urls")),
        path("", include("hemiface_clinic.course.urls")),
        path("", include("hemiface_clinic.mri.urls")),
        path("", include("hemiface_clinic.people.urls")),
        prefix_default_language=False,
    ),
]
