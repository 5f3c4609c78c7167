"""The commands that do one thing and end."""

from __future__ import annotations

import json
import secrets

import click

from shop.accounts import people
from shop.accounts.models import Role
from shop.accounts.passwords import SHORTEST
from shop.catalog.search import slugs
from shop.cli.filling import fill_empty
from shop.cli.prepare import configuration, opened, prepare, which_database
from shop.core.db import db, only_reading
from shop.core.i18n import parse_phone
from shop.core.web_push import make_keys


@click.command()
def migrate() -> None:
    """Make the database's tables, or bring them up to date."""
    config = configuration()
    prepare(config)
    click.echo(f"{which_database(config)}; the tables are up to date")


@click.command()
def demo() -> None:
    """Fill an empty shop with invented people and orders."""
    config = configuration()
    prepare(config)
    if not fill_empty(config):
        raise click.ClickException("there are people in this shop; the demo fills an empty one")


@click.command("push-keys")
def push_keys() -> None:
    """Print a fresh pair of keys for push messages; changing it makes browsers ask once more."""
    private, public = make_keys()
    click.echo(f"VAPID_PRIVATE_KEY={private}")
    click.echo(f"# public key: {public}")


@click.command("create-staff")
@click.option("--name", prompt="Name", help="The person's name.")
@click.option("--phone", prompt="Mobile number", help="The number to sign in with.")
@click.option(
    "--role",
    prompt="Role",
    type=click.Choice([role.value for role in Role]),
    help="What the person does for the programme.",
)
@click.option("--password", default="", help="Leave it out to have one made and shown once.")
def create_staff(name: str, phone: str, role: str, password: str) -> None:
    """Let a member of staff in, with a role and a password."""
    secret = password or secrets.token_urlsafe(9)
    with opened():
        try:
            number = parse_phone(phone)
            person = people.create(db.session(), name=name, phone=number, password=secret)
        except people.PhoneTaken as error:
            raise click.ClickException(f"{number} is somebody's already") from error
        except people.PasswordUnfit as error:
            raise click.ClickException(f"a password has at least {SHORTEST} characters") from error
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        people.grant(db.session(), person.id, Role(role), by=None)
        db.session.commit()
    click.echo(f"{name} signs in at /sign-in with {number}")
    if not password:
        click.echo(f"and the password {secret} (shown only now)")


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of slugs.")
def search(words: tuple[str, ...], *, as_json: bool) -> None:
    """Print the slugs the search page gives, in its order."""
    with opened(), only_reading():
        found = slugs(db.session(), " ".join(words))
    click.echo(json.dumps(found) if as_json else "\n".join(found))
