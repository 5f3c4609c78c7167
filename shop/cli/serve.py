"""The two commands that stay: the server, and the workers beside it."""

from __future__ import annotations

import functools
import os
import signal
import socket
from typing import TYPE_CHECKING

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from shop import create_app
from shop.cli.filling import fill_empty, sign_in_lines
from shop.cli.prepare import configuration, opened, prepare, which_database
from shop.cli.processes import Companion, end_with
from shop.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 32
"""Requests worked on at once in a process; the pool of database connections is larger."""
WAITING = 512
"""Requests taken in before the next ones wait in the network's queue."""
_STOP_SECONDS = 2
_HEADERS_WITHIN_MILLISECONDS = 10_000


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty shop with the demo first.")
@click.option("--no-jobs", is_flag=True, help="Start no workers beside the server.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Processes that answer.")
def serve(demo: bool, no_jobs: bool, workers: int) -> None:
    """Open the shop, its tables brought up to date first."""
    config = configuration()
    if config.is_sqlite and workers > 1:
        raise click.UsageError("SQLite is served by one process; set DATABASE_URL for more.")
    _refuse_taken_port(config)
    prepare(config)
    if demo:
        fill_empty(config)
    click.echo(f"{which_database(config)}; {'no workers' if no_jobs else 'workers beside it'}")
    signal.signal(signal.SIGTERM, _leave)  # until the server has handlers of its own
    companion = None if no_jobs else Companion("jobs")
    server = _server(config, workers)
    server.on_startup(lambda: _say_open(config, with_sign_ins=demo))
    try:
        server.serve(target_loader=functools.partial(_application, config), wrap_loader=False)
    finally:
        if companion:
            companion.stop()


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


def _server(config: Config, workers: int) -> MPServer:
    return MPServer(
        "shop",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_WITHIN_MILLISECONDS),
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=WAITING,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
        log_level=LogLevels.error,
    )


def _application(config: Config) -> WSGIApplication:
    """Called in each worker process."""
    end_with(os.getppid())
    return create_app(config)


def _refuse_taken_port(config: Config) -> None:
    """Say in plain words that the port is taken, before anything else takes time."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {config.host} port {config.port} ({error.strerror}). "
                f"Choose another: PORT={config.port + 1} make run"
            ) from error


def _say_open(config: Config, *, with_sign_ins: bool) -> None:
    click.echo(f"\nThe shop is open: {config.base_url}")
    if with_sign_ins:
        click.echo("\n".join(sign_in_lines()))
    click.echo("Ctrl-C closes it.\n")


@click.command()
@click.option("--beside", type=int, hidden=True, help="End with this parent process.")
def jobs(beside: int | None) -> None:
    """Do the background work: mail, pictures, the clock's jobs."""
    if beside is not None:
        end_with(beside)
    os.nice(10)  # pages come first
    with opened() as app:
        consumer = app.extensions["jobs"].create_consumer(
            workers=2, max_delay=1, graceful_signal="TERM", shutdown_timeout=_STOP_SECONDS - 0.5
        )
        consumer.run()
