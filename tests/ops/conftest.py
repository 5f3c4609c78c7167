"""The servers an installation can be moved onto, each a real one, started for the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from moto.server import ThreadedMotoServer

from tests import databases
from tests.serving import free_port
from tests.stand_ins.smtp import SmtpStandIn

BUCKET = "pelantar"
_S3_KEYS = {"access_key_id": "testing", "secret_access_key": "testing", "region": "us-east-1"}


@pytest.fixture
def postgres_url(worker_id: str) -> str:
    """DATABASE_URL of an empty database, as an operator writes it."""
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        pytest.skip(databases.NO_POSTGRES)
    name = f"ops_{os.getpid()}_{worker_id}"
    databases.recreate(server, name)
    return databases.named(server, name).replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """REDIS_URL of a server of this test's own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no Redis here: install Debian's redis-server")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with redis.Redis.from_url(url) as client:
            for _ in range(100):
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def bucket_url() -> Iterator[str]:
    """STORAGE_URL of an empty bucket on a server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        _make_bucket(endpoint)
        keys = "&".join(f"{name}={value}" for name, value in _S3_KEYS.items())
        yield f"s3://{BUCKET}?endpoint={endpoint}&{keys}"
    finally:
        server.stop()


def _make_bucket(endpoint: str) -> None:
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=_S3_KEYS["access_key_id"],
        aws_secret_access_key=_S3_KEYS["secret_access_key"],
        region_name=_S3_KEYS["region"],
    )
    client.create_bucket(Bucket=BUCKET)


@pytest.fixture
def smtp() -> Iterator[SmtpStandIn]:
    """A mail server that keeps what it is handed."""
    with SmtpStandIn() as server:
        yield server
