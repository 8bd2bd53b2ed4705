from django.urls import path

from smallwins.hard_moment import views

app_name = "hard_moment"
urlpatterns = [
    path("hard-moment/", views.door, name="door"),
    path("hard-moment/all/", views.everywhere, name="all"),
]
