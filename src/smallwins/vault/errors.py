"""What can go wrong in the vault. Opening raises; it never returns None."""


class VaultError(Exception):
    """Base of all errors of this room."""


class CannotOpen(VaultError):
    """The sealed bytes are damaged, were moved from their place, or belong to another key."""


class WrongSecret(VaultError):
    """This secret does not open this way in."""


class UnknownFormat(VaultError):
    """Sealed by a version of the program that this one does not know."""
