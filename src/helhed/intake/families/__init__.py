"""Persons to families, by parents, custody and address."""
