from django.apps import AppConfig


class PocketConfig(AppConfig):
    name = "smallwins.pocket"
    label = "pocket"

    def ready(self) -> None:
        from smallwins.book.memory import shelves
        from smallwins.pocket.tokens import TOKEN, TokenShelf

        shelves[TOKEN] = TokenShelf
