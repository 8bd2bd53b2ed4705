"""Every address, room by room. No address ever carries a word that somebody wrote."""

from django.urls import include, path

urlpatterns = [
    path("", include("smallwins.wins.urls")),
    path("", include("smallwins.people.urls")),
    path("", include("smallwins.hard_moment.urls")),
    path("", include("smallwins.pocket.urls")),
    path("", include("smallwins.pocket.api_urls")),
    path("", include("smallwins.portability.urls")),
    path("", include("smallwins.web.system_urls")),
]

handler400 = "smallwins.web.errors.bad_request"
handler403 = "smallwins.web.errors.not_found"
handler404 = "smallwins.web.errors.not_found"
handler500 = "smallwins.web.errors.server_error"
