"""Tests of how groups share."""
