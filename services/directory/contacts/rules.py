"""Rules for contact roles. Pure."""

from shared.errors import Conflict, Text

# More than these are a mailing list, which is not what a role is for.
MOST_CONTACTS = 20


class TooManyContacts(Conflict):
    slug = "too-many-contacts"
    title = Text(f"En organisation har højst {MOST_CONTACTS} kontakter", f"At most {MOST_CONTACTS} contacts")
