"""Configuration: the environment, read once into one frozen object."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHATSAPP_API = "https://graph.facebook.com/v23.0"
_PRIVATE_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class ConfigError(ValueError):
    """A variable of the environment is wrong; the message names it and says what to write."""


@dataclass(frozen=True)
class PushConfig:
    """Messages to browsers: the shop's key pair, and whom a push service may write to about it.

    `hosts`, each with its port, are the only ones pushed to, wherever they are; without any, all
    public ones that speak HTTPS.
    """

    private_key: str
    subject: str
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WhatsAppConfig:
    """The programme's number on the WhatsApp Business Cloud API."""

    token: str
    phone_id: str
    app_secret: str
    verify_token: str
    api_base: str


@dataclass(frozen=True)
class Config:
    """Everything that differs from one installation to the next.

    Without any variable set, all of it runs on one machine: SQLite and job queue in `var/`,
    files in `uploads/`, mail kept and shown in the studio instead of sent.
    """

    secret_key: str
    database_url: str
    storage_url: str
    redis_url: str | None
    stripe_secret_key: str | None
    stripe_webhook_secret: str | None
    stripe_api_base: str | None
    midtrans_server_key: str | None
    midtrans_api_base: str
    smtp_url: str | None
    mail_from: str
    base_url: str
    host: str
    port: int
    var: Path
    proxies: int
    https: bool
    testing: bool = False
    push: PushConfig | None = None
    whatsapp: WhatsAppConfig | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file beside the program."""
        return self.database_url.startswith("sqlite")


def read_config(env: Mapping[str, str]) -> Config:
    """Read the configuration from `env`. Raises `ConfigError` naming the faulty variable."""
    var = Path(env.get("SHOP_VAR", str(ROOT / "var")))
    host = env.get("HOST", "127.0.0.1")
    port = _integer(env, "PORT", 8000, low=1, high=65535)
    base_url = env.get("BASE_URL", f"http://{host}:{port}").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise ConfigError(f"BASE_URL must start with http:// or https://, not {base_url!r}")
    return Config(
        secret_key=env.get("SECRET_KEY") or _kept_secret(var),
        database_url=_database_url(env.get("DATABASE_URL"), var),
        storage_url=env.get("STORAGE_URL")
        or str(var / "uploads" if "SHOP_VAR" in env else ROOT / "uploads"),
        redis_url=_scheme(env, "REDIS_URL", ("redis://", "rediss://", "unix://")),
        stripe_secret_key=env.get("STRIPE_SECRET_KEY") or None,
        stripe_webhook_secret=env.get("STRIPE_WEBHOOK_SECRET") or None,
        stripe_api_base=env.get("STRIPE_API_BASE") or None,
        midtrans_server_key=env.get("MIDTRANS_SERVER_KEY") or None,
        midtrans_api_base=env.get("MIDTRANS_API_BASE") or "https://api.sandbox.midtrans.com",
        smtp_url=_scheme(env, "SMTP_URL", ("smtp://", "smtps://")),
        mail_from=env.get("MAIL_FROM", "shop@localhost"),
        base_url=base_url,
        host=host,
        port=port,
        var=var,
        proxies=_integer(env, "PROXIES", 0, low=0, high=5),
        https=base_url.startswith("https://"),
        push=_push(env),
        whatsapp=_whatsapp(env),
    )


def _push(env: Mapping[str, str]) -> PushConfig | None:
    key, subject = env.get("VAPID_PRIVATE_KEY"), env.get("VAPID_SUBJECT")
    if not key and not subject:
        return None
    if not key or not _PRIVATE_KEY.fullmatch(key):
        raise ConfigError("VAPID_PRIVATE_KEY must be a key as `shop push-keys` prints it")
    if not subject or not subject.startswith(("mailto:", "https://")):
        raise ConfigError("VAPID_SUBJECT must be mailto:somebody@example.id or https://…")
    hosts = frozenset(filter(None, env.get("PUSH_HOSTS", "").replace(" ", "").split(",")))
    return PushConfig(key, subject, hosts)


def _whatsapp(env: Mapping[str, str]) -> WhatsAppConfig | None:
    if not env.get("WHATSAPP_TOKEN"):
        return None
    for name in ("WHATSAPP_PHONE_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"):
        if not env.get(name):
            raise ConfigError(f"{name} must be set where WHATSAPP_TOKEN is")
    if not env["WHATSAPP_PHONE_ID"].isdecimal():
        raise ConfigError("WHATSAPP_PHONE_ID must be the number's id, digits only")
    base = _scheme(env, "WHATSAPP_API_BASE", ("https://", "http://")) or WHATSAPP_API
    return WhatsAppConfig(
        token=env["WHATSAPP_TOKEN"],
        phone_id=env["WHATSAPP_PHONE_ID"],
        app_secret=env["WHATSAPP_APP_SECRET"],
        verify_token=env["WHATSAPP_VERIFY_TOKEN"],
        api_base=base.rstrip("/"),
    )


def _database_url(given: str | None, var: Path) -> str:
    if not given:
        return f"sqlite:///{var / 'shop.db'}"
    for plain in ("postgresql://", "postgres://"):
        if given.startswith(plain):
            return "postgresql+psycopg://" + given.removeprefix(plain)
    if given.startswith(("postgresql+psycopg://", "sqlite:///")):
        return given
    raise ConfigError(
        "DATABASE_URL must be postgresql://user:password@host/name or sqlite:///path, "
        f"not {given.split(':', 1)[0]}:…"
    )


def _scheme(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str | None:
    value = env.get(name)
    if not value:
        return None
    if not value.startswith(allowed):
        raise ConfigError(f"{name} must start with {' or '.join(allowed)}")
    return value


def _integer(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {text!r}")
    return int(text)


def _kept_secret(var: Path) -> str:
    """Make the signing key at the first start and keep it, so that a restart signs nobody out."""
    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process was first; its key is the one that counts
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
