from django.urls import path

from smallwins.pocket import views

app_name = "pocket"
urlpatterns = [
    path("sw.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("offline/kept/", views.kept, name="kept"),
    path("shared/", views.shared, name="shared"),
    path("appearance/", views.appearance, name="appearance"),
]
