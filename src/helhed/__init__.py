"""Helhed: implementation guide and replication kit for holistic family support."""

__version__ = "0.1.0"
