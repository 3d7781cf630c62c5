"""What an administrator does: invite, open and close accounts, read the audit; sees no patient."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemiface_clinic.audit.queries import latest_events
from hemiface_clinic.people import actions
from hemiface_clinic.people.forms import InviteForm
from hemiface_clinic.people.gate import UserRequest, only
from hemiface_clinic.people.models import Role
from hemiface_clinic.people.queries import everybody, staff_invitations

PAGE = 100


@only(Role.ADMINISTRATOR)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: UserRequest) -> HttpResponse:
    """List the accounts; invite somebody."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        actions.invite(typed["email"], typed["name"], Role(typed["role"]), by=request.user)
        messages.success(request, _("Invited. The link in the letter works once, for seven days."))
        return redirect("people")
    context = {"form": form, "users": everybody(), "invitations": staff_invitations()}
    return render(request, "people/people.html", context, status=422 if form.errors else 200)


@only(Role.ADMINISTRATOR)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def set_active(request: UserRequest, pk: UUID) -> HttpResponse:
    """Open or close an account; nobody closes their own."""
    user = get_object_or_404(everybody().exclude(email=request.user.email), pk=pk)
    actions.set_active(user, active="open" in request.POST, by=request.user)
    return redirect("people")


@only(Role.ADMINISTRATOR)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def take_back(request: UserRequest, pk: UUID) -> HttpResponse:
    """Make an invitation useless."""
    actions.take_back(get_object_or_404(staff_invitations(), pk=pk), by=request.user)
    messages.success(request, _("Taken back. Its link opens nothing any more."))
    return redirect("people")


@only(Role.ADMINISTRATOR)
@require_safe
def audit(request: UserRequest) -> HttpResponse:
    """Show the audit, the newest first."""
    events = latest_events()
    action = request.GET.get("action", "")[:60]
    shown = events.filter(action__startswith=action) if action else events
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/audit.html", {"page": page, "action": action})
