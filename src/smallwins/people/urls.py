from django.urls import path

from smallwins.people import converters, join_views, views  # noqa: F401  the first registers <record:…>

app_name = "people"
urlpatterns = [
    path("open/<str:link>/", views.open_link, name="open"),
    path("join/", join_views.join, name="join_open"),
    path("join/<str:code>/", join_views.join, name="join"),
    path("sign-out/", join_views.leave_browser, name="sign_out"),
    path("lock/name/", join_views.name, name="name"),
    path("unlock/", views.unlock, name="unlock"),
    path("lock/now/", views.lock, name="lock"),
    path("leave/", views.leave, name="leave"),
    path("more/", views.more, name="more"),
    path("more/leave-to/", views.leave_to, name="leave_to"),
    path("lock/", views.lock_settings, name="lock_settings"),
    path("lock/idle/", views.idle, name="idle"),
    path("lock/recovery/", views.recovery, name="recovery"),
    path("lock/passphrase/", views.passphrase, name="passphrase"),
    path("lock/passphrase/remove/", views.remove_passphrase, name="remove_passphrase"),
    path("sessions/", views.sessions, name="sessions"),
]
