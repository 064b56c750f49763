"""Disclosure control: small counts are hidden before anything public is made from them."""

from helhed.disclosure.suppression import protect

__all__ = ["protect"]
