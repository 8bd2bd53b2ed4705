from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "smallwins.people"
    label = "people"
