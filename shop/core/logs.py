"""Logs: one JSON line an event, to standard error, with no personal data in them."""

from __future__ import annotations

import logging
import sys

import structlog

from shop.config import Config

PERSONAL = frozenset({"phone", "name", "email", "password", "address", "token", "bank_account"})


def init_logs(config: Config) -> None:
    """Set up logging for this process: the shop's own lines, and libraries' warnings."""
    level = logging.CRITICAL if config.testing else logging.INFO
    steps: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_personal_data,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*steps, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    if not config.testing:
        _take_in_libraries(steps)


def _take_in_libraries(steps: list[structlog.typing.Processor]) -> None:
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[lines], level=logging.WARNING, force=True)


def _without_personal_data(
    _logger: object, _method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drop fields that would name a person, whoever passed them."""
    return {key: value for key, value in line.items() if key not in PERSONAL}
